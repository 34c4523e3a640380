import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import type { ArchivedName, ScanArchive } from '../../src/model/archive.ts';
import type { Unreadable } from '../../src/model/coverage.ts';
import type { Exemption } from '../../src/model/exemption.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { FactSource, ResourceFacts, ResourceSource, ScanSources } from '../../src/model/source.ts';
import { typesReadBy } from '../../src/resource-types/known-type.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { type CompiledFilter, compileFilter } from '../../src/rules/filter.ts';
import { rowsWanted } from '../../src/rules/kql/push-down.ts';
import { archiveSources } from '../../src/sources/archive.ts';
import { wasInterrupted } from '../../src/usecases/exit-code.ts';
import { beginRecording } from '../../src/usecases/archive/recording.ts';
import { openRescan, type RescanRequest } from '../../src/usecases/archive/rescan.ts';
import type { JoinedEvent } from '../../src/usecases/scan/join-sources.ts';
import { scan } from '../../src/usecases/scan.ts';
import { aVault, anHsm, subscriptionId } from '../build.ts';
import { runs } from '../runs.ts';
import { fullCoverage, listSource } from './list-source.ts';

const now = '2026-11-24T12:00:00.000Z';
const compiled = shippedRules.map((rule) => compileRule(rule, {}));

/** What a scan judges by. */
interface Judging {
  readonly rules: readonly CompiledRule[];
  readonly exemptions?: readonly Exemption[];
}

function judge(
  opened: ScanSources,
  { rules, exemptions = [] }: Judging,
  at = now,
  rest = {},
): Promise<ScanReport> {
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules,
    exemptions,
    ...opened,
    now: () => new Date(at),
    includeCompliant: true,
    signal: new AbortController().signal,
    ...rest,
  });
}

/** Scans, and returns the report with the archived scan: an archive that holds it alone. */
async function scanAndArchive(opened: ScanSources, judging: Judging, filter?: CompiledFilter) {
  const recording = beginRecording(judging.rules);
  const { onEvent } = recording;
  const report = await judge(recording.watch(opened), judging, now, { onEvent, filter });
  const lines = recording.lines(report, { exemptions: judging.exemptions ?? [], cloud: 'AzureCloud' });
  return { report, archive: archiveOf([{ file: 'a.gz', startedAt: report.startedAt, lines }]) };
}

function archiveOf(scans: readonly (ArchivedName & { readonly lines: readonly string[] })[]): ScanArchive {
  return {
    folder: 'audit',
    list: async () => scans,
    read: async ({ file }) => scans.find((one) => one.file === file)?.lines ?? [],
    add: async () => ({ path: '', damaged: [] }),
  };
}

async function judgeAgain(
  archive: ScanArchive,
  judging?: Judging,
  request: RescanRequest = {},
): Promise<ScanReport> {
  const { lines, startedAt, policies } = await openRescan(archive, {
    ...request,
    ...(judging === undefined ? { rulesAsOf: new Date(now) } : {}),
  });
  const by = judging ?? { rules: policies?.compiled ?? [], exemptions: policies?.exemptions ?? [] };
  const { isUndecided } = rowsWanted(by.rules, typesReadBy('live'), { all: true });
  return judge(archiveSources({ folder: 'audit', lines, isUndecided }), by, startedAt.toISOString());
}

const flag = fc.constantFrom(undefined, null, true, false);
const properties = fc.record({
  enableSoftDelete: flag,
  enablePurgeProtection: flag,
  softDeleteRetentionInDays: fc.constantFrom(undefined, null, 7, 90),
  enableRbacAuthorization: flag,
});
const tags = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 6 }), {
  maxKeys: 2,
});
const resource: fc.Arbitrary<Resource> = fc
  .record({
    name: fc.uuid(),
    body: properties,
    isHsm: fc.boolean(),
    tags,
    gaps: fc.subarray(['properties', 'tags']),
  })
  .map(({ name, body, isHsm, ...rest }) => (isHsm ? anHsm : aVault)(body, { name, ...rest }));
const resources = fc.uniqueArray(resource, { maxLength: 10, selector: ({ id }) => id });
const unreadable: fc.Arbitrary<Unreadable> = fc.record({
  scope: fc.constantFrom('/subscriptions/x', 'tenant'),
  kind: fc.constantFrom('subscription', 'tenant'),
  reason: fc.constant('denied'),
  hint: fc.constant(''),
});
interface Estate {
  readonly resources: readonly Resource[];
  readonly gaps: readonly Unreadable[];
  readonly isCut: boolean;
  readonly unread: boolean;
}

const estate: fc.Arbitrary<Estate> = fc.record({
  resources,
  gaps: fc.array(unreadable, { maxLength: 1 }),
  isCut: fc.boolean(),
  unread: fc.boolean(),
});

/** A source of an estate, that tells what it could not read as far as some rules need to know it. */
function sourceOf(
  { resources: given, gaps, isCut, unread }: Estate,
  rules: readonly CompiledRule[],
): ResourceSource {
  const { isUndecided } = rowsWanted(rules, typesReadBy('live'), { all: true });
  const told = given
    .filter((one) => one.gaps.length > 0 && isUndecided(one))
    .map(({ id }): Unreadable => ({ scope: id, kind: 'resource', reason: 'malformed', hint: '' }));
  const coverage = isCut ? undefined : fullCoverage;
  const list = listSource([given], { unreadable: [...told, ...gaps], coverage });
  return unread ? withUnread(list, given[0]) : list;
}

/** The same source, in which a vault has contents of which nothing could be read. */
function withUnread(from: ResourceSource, vault: Resource = aVault({})): ResourceSource {
  return {
    ...from,
    types: [...from.types, ...typesReadBy('objects')],
    async *read(...asked) {
      for await (const event of from.read(...asked)) {
        yield event;
        if (event.kind === 'resources')
          yield { kind: 'unread', contents: { resource: vault, types: typesReadBy('objects') } };
      }
    },
  };
}

const access: FactSource = {
  name: 'access',
  types: typesReadBy('live'),
  members: ['access'],
  read: () => ({
    factsOf: async (given) =>
      new Map(
        given.flatMap(({ id, name }, index): [string, ResourceFacts][] => {
          const members = { access: { purge: [{ name }] } };
          const gaps = index % 3 === 1 ? [] : ['access.purge'];
          return index % 3 === 0 ? [] : [[id.toLowerCase(), { members, gaps }]];
        }),
      ),
    close: async () => ({
      unreadable: [],
      coverage: { part: { name: 'access', state: 'read' }, queries: 1, pages: 1, retries: 0, waitMs: 0 },
    }),
  }),
};

const waiver: Exemption = {
  rule: 'AKV002',
  scope: { managementGroup: 'Production' },
  category: 'waiver',
  expiresOn: '2026-11-24',
  reason: 'accepted',
  location: { file: 'x.yaml', line: 1, column: 1 },
};

const aPart = compileFilter({ vaults: ['*a*'] }, typesReadBy('live'));
const choices = fc.record({ hasFacts: fc.boolean(), isExempt: fc.boolean(), isFiltered: fc.boolean() });

describe('a rescan', () => {
  test('of the facts of a scan by its own rules says what the scan said', async () => {
    await fc.assert(
      fc.asyncProperty(estate, choices, async (given, { hasFacts, isExempt, isFiltered }) => {
        const sources = [sourceOf(given, compiled)] as const;
        const opened: ScanSources = { sources, ...(hasFacts ? { facts: [access] } : {}) };
        const judging = { rules: compiled, exemptions: isExempt ? [waiver] : [] };
        const { report, archive } = await scanAndArchive(opened, judging, isFiltered ? aPart : undefined);
        for (const again of [await judgeAgain(archive), await judgeAgain(archive, judging)])
          expect(again).toEqual({ ...report, scope: { ...report.scope, archive: 'audit' } });
      }),
      { numRuns: runs(400) },
    );
  });

  test('of a part of an estate does not miss what the exemptions of the rest are for', async () => {
    const resource = aVault({}, { name: 'kv-rest' });
    const exemptions = [{ ...waiver, scope: { resource: resource.id } }];
    const opened = { sources: [listSource([[resource, aVault({}, { name: 'kv-a' })]])] } as const;
    const { report, archive } = await scanAndArchive(opened, { rules: compiled, exemptions }, aPart);
    expect(report).toMatchObject({ complete: true, summary: { resources: 1 } });
    expect(await judgeAgain(archive)).toEqual({ ...report, scope: { ...report.scope, archive: 'audit' } });
  });

  test('by the rules of that day has their parameters in each scope', async () => {
    const origin = { file: 'purgeproof.yaml', line: 1, column: 1 };
    const values = { minimumRetentionDays: { value: 7, origin } };
    const scoped = compiled.map(({ rule, parameters }) =>
      compileRule(
        rule,
        parameters,
        rule.id === 'AKV003' ? [{ scope: { tag: { env: 'dev' } }, values, origin, layer: 0 }] : [],
      ),
    );
    const short = { softDeleteRetentionInDays: 7 };
    const vaults = [
      aVault(short, { name: 'kv-dev', tags: { env: 'dev' } }),
      aVault(short, { name: 'kv-prod', tags: {} }),
      aVault(short, { name: 'kv-untold', gaps: ['tags'], tagsLeftOut: true }),
    ];
    const { report, archive } = await scanAndArchive({ sources: [listSource([vaults])] }, { rules: scoped });
    const verdicts = ({ findings }: ScanReport) =>
      findings.flatMap(({ ruleId, resource, compliance }) =>
        ruleId === 'AKV003' ? [`${resource.name} ${compliance}`] : [],
      );
    expect(verdicts(report).toSorted()).toEqual([
      'kv-dev compliant',
      'kv-prod nonCompliant',
      'kv-untold unknown',
    ]);
    expect(report.unreadable).toMatchObject([{ scope: vaults[2]?.id, kind: 'resource' }]);
    expect(await judgeAgain(archive)).toEqual({ ...report, scope: { ...report.scope, archive: 'audit' } });
  });

  test('by all rules, of a scan by one, finds what a scan by all would have found, or is incomplete', async () => {
    await fc.assert(
      fc.asyncProperty(estate, fc.constantFrom(...compiled), async (given, one) => {
        const [{ archive }, full] = await Promise.all([
          scanAndArchive({ sources: [sourceOf(given, [one])] }, { rules: [one] }),
          judge({ sources: [sourceOf(given, compiled)] }, { rules: compiled }),
        ]);
        const again = await judgeAgain(archive, { rules: compiled });
        expect(again.findings).toEqual(full.findings);
        expect(again.summary).toEqual(full.summary);
        expect(again.complete).toBe(full.complete);
      }),
      { numRuns: runs(400) },
    );
  });
});

describe('what the archived scan did not need to know', () => {
  const rule = (id: string) => compiled.filter((one) => one.rule.id === id);

  test('makes a rescan incomplete by rules that need it, and by no others', async () => {
    const vault = aVault(
      { enablePurgeProtection: true },
      { gaps: ['properties.networkAcls', 'properties.publicNetworkAccess'] },
    );
    const { report, archive } = await scanAndArchive(
      { sources: [listSource([[vault]])] },
      { rules: rule('AKV002') },
    );
    expect(report).toMatchObject({ complete: true, summary: { compliant: 1 } });
    expect(await judgeAgain(archive, { rules: rule('AKV002') })).toMatchObject({ complete: true });
    expect(await judgeAgain(archive, { rules: rule('AKV006') })).toMatchObject({
      complete: false,
      summary: { unknown: 1 },
      unreadable: [{ scope: vault.id, kind: 'resource' }],
    });
  });

  test('a type that no rule was about is counted, and unknown to a rule that is', async () => {
    const type = 'Microsoft.Storage/storageAccounts';
    const account = aVault(
      { key: 'DO-NOT-KEEP' },
      {
        type,
        id: '/subscriptions/s/x',
        body: { id: '/subscriptions/s/x', type, properties: { key: 'DO-NOT-KEEP' } },
      },
    );
    const { report, archive } = await scanAndArchive(
      { sources: [listSource([[account, aVault({})]])] },
      { rules: compiled },
    );
    const [name] = await archive.list();
    expect((await archive.read(name!)).join('\n')).not.toContain('DO-NOT-KEEP');
    expect((await judgeAgain(archive)).summary).toEqual(report.summary);
    const [akv002] = rule('AKV002');
    const other = compileRule({ ...akv002!.rule, id: 'ORG001', resourceTypes: [type] }, {});
    const again = await judgeAgain(archive, { rules: [other] });
    expect(again).toMatchObject({ complete: false, summary: { unknown: 1, compliant: 0, nonCompliant: 0 } });
  });

  test('rules about access are not judged where it was not read', async () => {
    const { archive } = await scanAndArchive({ sources: [listSource([[aVault({})]])] }, { rules: compiled });
    const again = await judgeAgain(archive, { rules: rule('AKV401') });
    expect(again).toMatchObject({
      findings: [],
      rules: [{ id: 'AKV401', notJudged: [{ type: 'Microsoft.KeyVault/vaults', include: 'access' }] }],
    });
  });
});

describe('the day of a rescan', () => {
  const scans = async () => {
    const archived = await Promise.all(
      [1, 2, 3].map(async (day) => {
        const { archive } = await scanAndArchive(
          { sources: [listSource([[aVault({}, { name: `kv-${day}` })]])] },
          { rules: compiled },
        );
        const [name] = await archive.list();
        const startedAt = `2026-11-0${day}T02:00:00.000Z`;
        return { file: `${day}.gz`, startedAt, lines: await archive.read(name!) };
      }),
    );
    return archiveOf(archived);
  };

  test.for([
    [undefined, '3.gz'],
    ['2026-11-30T00:00:00Z', '3.gz'],
    ['2026-11-02T23:59:59.999Z', '2.gz'],
    ['2026-11-02T02:00:00.000Z', '2.gz'],
    ['2026-11-02T01:59:59.999Z', '1.gz'],
  ] as const)('%s: the last scan by then', async ([asOf, file]) => {
    const { target, startedAt } = await openRescan(
      await scans(),
      asOf === undefined ? {} : { asOf: new Date(asOf) },
    );
    expect(target).toMatchObject({ file, folder: 'audit', sources: ['live'] });
    expect(startedAt.toISOString()).toBe(`2026-11-0${file.slice(0, 1)}T02:00:00.000Z`);
  });

  test('before the first scan there is none', async () => {
    await expect(openRescan(await scans(), { asOf: new Date('2026-10-31T00:00:00Z') })).rejects.toMatchObject(
      {
        message: 'The archive audit holds no scan from 2026-10-31T00:00:00.000Z or earlier.',
        hint: 'Its first scan is of 2026-11-01T02:00:00.000Z.',
      },
    );
    await expect(openRescan(archiveOf([]), {})).rejects.toThrow('The archive audit holds no scans.');
  });

  test('exemptions hold as on that day', async () => {
    const opened = { sources: [listSource([[aVault({})]])] } as const;
    const { archive } = await scanAndArchive(opened, { rules: compiled });
    const again = await judgeAgain(archive, { rules: compiled, exemptions: [waiver] });
    expect(again.summary.exempt).toBe(1);
    const later = await judge(opened, { rules: compiled, exemptions: [waiver] }, '2026-11-25T00:00:00Z');
    expect(later.summary.exempt).toBe(0);
  });
});

test('a rescan that is stopped is incomplete, and passes nothing that it did not judge', async () => {
  const vaults = Array.from({ length: 350 }, (_, index) => aVault({}, { name: `kv-${index}` }));
  const { report, archive } = await scanAndArchive({ sources: [listSource([vaults])] }, { rules: compiled });
  const { lines, startedAt } = await openRescan(archive, {});
  const { isUndecided } = rowsWanted(compiled, typesReadBy('live'), { all: true });
  const opened = archiveSources({ folder: 'audit', lines, isUndecided });
  for (const moment of [0, 1, 2]) {
    const stop = new AbortController();
    let pages = 0;
    const stopped = await judge(opened, { rules: compiled }, startedAt.toISOString(), {
      signal: stop.signal,
      onEvent: ({ kind }: JoinedEvent) => {
        if ((kind === 'scope' && moment === 0) || (kind === 'resources' && (pages += 1) === moment))
          stop.abort();
      },
    });
    expect(stopped).toMatchObject({ complete: false, unreadable: [{ kind: 'interrupted', scope: 'audit' }] });
    expect(wasInterrupted(stopped)).toBe(true);
    expect(stopped.summary.resources).toBeLessThan(report.summary.resources);
    const known = new Set(report.findings.map(({ fingerprint }) => fingerprint));
    expect(stopped.findings.filter(({ fingerprint }) => !known.has(fingerprint))).toEqual([]);
  }
});

test.for([
  ['{"resource":{"id":1,"body":{},"gaps":[]}}', 'in a line "resource"'],
  ['{"resource":{"id":"x","gaps":[]}}', 'in a line "resource"'],
  ['{"resource":', 'a line "resource" is not JSON'],
] as const)('a line that no scan writes, %s, is refused in words', async ([line, words]) => {
  const { archive } = await scanAndArchive(
    { sources: [listSource([[aVault({}, { subscriptionId })]])] },
    { rules: compiled },
  );
  const [name] = await archive.list();
  const broken = archiveOf([{ ...name!, lines: [...(await archive.read(name!)), line] }]);
  await expect(judgeAgain(broken, { rules: compiled })).rejects.toThrow(
    `a.gz is not an archived scan: ${words}`,
  );
});
