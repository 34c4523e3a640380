import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exemption } from '../../src/model/exemption.ts';
import type { Coverage, SubscriptionState } from '../../src/model/coverage.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ResourceSource } from '../../src/model/source.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { shippedRules as rules } from '../../src/files/shipped-rules.ts';
import { scanExitCode } from '../../src/usecases/exit-code.ts';
import { scan, type ScanRequest } from '../../src/usecases/scan.ts';
import { aVault, anHsm, subscriptionId } from '../build.ts';
import { fullCoverage, listSource } from './list-source.ts';

const compiled = rules.map((rule) => compileRule(rule, {}));

function request(source: ResourceSource, rest: Partial<ScanRequest> = {}): Promise<ScanReport> {
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules: compiled,
    sources: [source],
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: true,
    signal: new AbortController().signal,
    ...rest,
  });
}

const onlyPurgeProtection = compiled.filter(({ rule }) => rule.id === 'AKV002');
const waiver: Exemption = {
  rule: 'AKV002',
  scope: { managementGroup: 'production' },
  category: 'waiver',
  expiresOn: '2099-12-31',
  reason: 'accepted',
  location: { file: 'x.yaml', line: 1, column: 1 },
};

describe('completeness', () => {
  const state = (given: SubscriptionState): Coverage => ({
    ...fullCoverage,
    subscriptions: [{ id: subscriptionId, name: 'Payments', state: given, expectedRows: 0, rows: 0 }],
  });
  test.for<[SubscriptionState, boolean]>([
    ['read', true],
    ['empty', true],
    ['disabled', true],
    ['denied', false],
    ['truncated', false],
    ['partial', false],
  ])('a subscription that is %s: complete is %s', async ([given, complete]) => {
    const report = await request(listSource([], { coverage: state(given) }));
    expect(report.complete).toBe(complete);
    expect(scanExitCode(report, { failOn: 'low', allowIncomplete: false })).toBe(complete ? 0 : 3);
  });

  test('a source that ends without an account was cut short', async () => {
    const report = await request(listSource([[aVault({})]], { coverage: undefined }));
    expect(report).toMatchObject({ complete: false, unreadable: [{ kind: 'interrupted' }] });
  });

  test('anything unreadable makes the scan incomplete, whatever the coverage says', async () => {
    const entry = { scope: '/x', kind: 'resource', reason: 'malformed', hint: '' } as const;
    const report = await request(listSource([], { unreadable: [entry] }));
    expect(report).toMatchObject({ complete: false, unreadable: [entry] });
  });

  test('an unknown verdict makes it incomplete, though its source told of no gap', async () => {
    const vault = aVault({}, { gaps: ['properties'] });
    const report = await request(listSource([[vault]]), { rules: onlyPurgeProtection });
    expect(report).toMatchObject({
      complete: false,
      summary: { unknown: 1 },
      unreadable: [{ scope: vault.id, kind: 'resource', reason: 'It could not be judged by AKV002.' }],
    });
    expect(scanExitCode(report, { failOn: 'low', allowIncomplete: false })).toBe(3);
  });
});

describe('exemptions', () => {
  test('hide a failure in writing, and change the exit code', async () => {
    const report = await request(listSource([[aVault({})]]), {
      rules: onlyPurgeProtection,
      exemptions: [waiver],
    });
    expect(report.findings).toMatchObject([{ compliance: 'exempt', exemption: { reason: 'accepted' } }]);
    expect(report.summary).toMatchObject({ nonCompliant: 0, exempt: 1, bySeverity: { high: 0 } });
    expect(scanExitCode(report, { failOn: 'low', allowIncomplete: false })).toBe(0);
  });

  test('hide no unknown', async () => {
    const hidden = aVault({}, { gaps: ['properties'] });
    const report = await request(listSource([[hidden]]), {
      rules: onlyPurgeProtection,
      exemptions: [waiver],
    });
    expect(report.findings).toMatchObject([{ compliance: 'unknown' }]);
  });

  test('leave a compliant vault compliant', async () => {
    const safe = aVault({ enablePurgeProtection: true });
    const report = await request(listSource([[safe]]), { rules: onlyPurgeProtection, exemptions: [waiver] });
    expect(report.summary).toMatchObject({ compliant: 1, exempt: 0 });
  });
});

describe('fingerprints', () => {
  test('depend on rule and lower-cased resource id alone', async () => {
    const vault = aVault({});
    const moved = { ...vault, id: vault.id.toUpperCase(), name: 'other', location: 'northeurope' };
    const [one, two] = await Promise.all([vault, moved].map((each) => request(listSource([[each]]))));
    expect(one?.findings.map((f) => f.fingerprint)).toEqual(two?.findings.map((f) => f.fingerprint));
    expect(new Set(one?.findings.map((f) => f.fingerprint)).size).toBe(one?.findings.length);
  });
});

const flag = fc.constantFrom(undefined, null, true, false);
const properties = fc.record({
  enableSoftDelete: flag,
  enablePurgeProtection: flag,
  softDeleteRetentionInDays: fc.constantFrom(undefined, null, 7, 90),
  enableRbacAuthorization: flag,
});
const resource: fc.Arbitrary<Resource> = fc
  .tuple(fc.uuid(), properties, fc.boolean(), fc.boolean())
  .map(([name, body, isHsm, hidden]) =>
    (isHsm ? anHsm : aVault)(body, { name, gaps: hidden ? ['properties'] : [] }),
  );
const resources = fc.uniqueArray(resource, { maxLength: 12, selector: ({ id }) => id });

test('requests pass before a page is judged, and again and again while it is', async () => {
  let judged = 0;
  const counted = (rule: CompiledRule): CompiledRule => {
    const counting: CompiledRule['require']['test'] = (subject) => {
      judged += 1;
      return rule.require.test(subject);
    };
    return { ...rule, require: { ...rule.require, test: counting } };
  };
  const judgedBefore: number[] = [];
  const letRequestsPass = async (): Promise<void> => {
    judgedBefore.push(judged);
  };
  const page = Array.from({ length: 120 }, (_, index) => aVault({}, { name: `kv-${index}` }));
  const report = await request(listSource([page, [aVault({})]]), {
    rules: onlyPurgeProtection.map(counted),
    letRequestsPass,
  });
  expect(judgedBefore).toEqual([0, 50, 100, 120]);
  expect(report.findings).toHaveLength(121);
});

describe('laws', () => {
  test('the report does not depend on the order of resources, rules or pages', async () => {
    await fc.assert(
      fc.asyncProperty(resources, fc.nat(), async (given, seed) => {
        const [straight, turned] = await Promise.all([
          request(listSource([given])),
          request(listSource(pagesOf(turn(given, seed))), { rules: turn(compiled, seed) }),
        ]);
        const { findings, summary, complete } = straight;
        expect(turned).toMatchObject({ findings, summary, complete });
        expect(turned.findings).toHaveLength(findings.length);
      }),
    );
  });

  test('the report of a union is the union of the reports', async () => {
    await fc.assert(
      fc.asyncProperty(resources, fc.nat({ max: 12 }), async (given, at) => {
        const [whole, left, right] = await Promise.all(
          [given, given.slice(0, at), given.slice(at)].map((part) => request(listSource([part]))),
        );
        const byFingerprint = (reports: readonly (ScanReport | undefined)[]) =>
          new Map(reports.flatMap((report) => report?.findings ?? []).map((f) => [f.fingerprint, f]));
        expect(byFingerprint([left, right])).toEqual(byFingerprint([whole]));
        for (const key of ['resources', 'compliant', 'nonCompliant', 'unknown', 'notApplicable'] as const) {
          expect((left?.summary[key] ?? 0) + (right?.summary[key] ?? 0)).toBe(whole?.summary[key]);
        }
      }),
    );
  });
});

function turn<T>(items: readonly T[], seed: number): readonly T[] {
  const at = items.length === 0 ? 0 : seed % items.length;
  return [...items.slice(at), ...items.slice(0, at)].toReversed();
}

function pagesOf(items: readonly Resource[]): readonly (readonly Resource[])[] {
  return items.map((item) => [item]);
}
