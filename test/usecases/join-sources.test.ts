import { describe, expect, test } from 'vitest';
import type { CoveragePart, Unreadable } from '../../src/model/coverage.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ResourceSource, SourceScope } from '../../src/model/source.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { scanExitCode } from '../../src/usecases/exit-code.ts';
import { scan, type ScanRequest } from '../../src/usecases/scan.ts';
import { aRule, aVault, subscriptionId } from '../build.ts';
import { listSource } from './list-source.ts';

const deletedType = 'Contoso.Bin/deletedVaults';
const isSafe = { kind: 'field', path: 'properties.safe' } as const;
const rules = [
  compileRule(aRule({ kind: 'comparison', operand: isSafe, operator: 'equals', expected: true }), {}),
  compileRule(
    aRule(
      { kind: 'comparison', operand: isSafe, operator: 'equals', expected: true },
      { id: 'ORG201', resourceTypes: [deletedType] },
    ),
    {},
  ),
];

function deletedVault(name: string, safe: boolean): Resource {
  const id = `/subscriptions/${subscriptionId}/providers/${deletedType}/${name}`;
  return { ...aVault({ safe }, { name, id }), type: deletedType };
}

interface BinOptions {
  readonly part?: CoveragePart | undefined;
  readonly resources?: readonly Resource[];
  readonly unreadable?: readonly Unreadable[];
  readonly onRead?: (signal: AbortSignal, within: SourceScope) => void;
  readonly onEnd?: () => void;
}

/** A second source: deleted vaults, read in the scope of the first. */
function binSource(options: BinOptions = {}): ResourceSource {
  const { part = { name: 'deleted', state: 'read' }, resources = [], unreadable = [] } = options;
  return {
    name: 'deleted',
    types: [deletedType],
    async *read(signal, within) {
      options.onRead?.(signal, within);
      try {
        yield { kind: 'scope', scope: within.scope, subscriptions: within.subscriptions };
        if (resources.length > 0) yield { kind: 'resources', resources };
        for (const entry of unreadable) yield { kind: 'unreadable', entry };
        if ('part' in options && options.part === undefined) return;
        yield { kind: 'coverage', coverage: { part, queries: 3, pages: 2, retries: 1, waitMs: 5 } };
      } finally {
        options.onEnd?.();
      }
    },
  };
}

function join(sources: ScanRequest['sources'], rest: Partial<ScanRequest> = {}): Promise<ScanReport> {
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules,
    sources,
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: false,
    signal: new AbortController().signal,
    ...rest,
  });
}

const exitCode = (report: ScanReport): number =>
  scanExitCode(report, { failOn: 'low', allowIncomplete: false });
const live = listSource([[aVault({ safe: true })]]);

describe('sources that join', () => {
  test('give one report: the resources of both, their cost added up, and a part for the second', async () => {
    const bin = binSource({ resources: [deletedVault('kv-gone', false)] });
    const report = await join([live, bin]);
    expect(report.findings.map(({ ruleId, resource }) => [ruleId, resource.name])).toEqual([
      ['ORG201', 'kv-gone'],
    ]);
    expect(report).toMatchObject({
      complete: true,
      summary: { resources: 2, compliant: 1, nonCompliant: 1 },
      scope: { subscriptions: [{ id: subscriptionId }] },
      coverage: { queries: 4, pages: 3, retries: 1, waitMs: 5, parts: [{ name: 'deleted', state: 'read' }] },
    });
    expect(report.coverage.subscriptions).toHaveLength(1);
    expect(exitCode(report)).toBe(1);
  });

  test('a scan of one source has no parts', async () => {
    expect((await join([live])).coverage).not.toHaveProperty('parts');
  });

  test('the second is asked within the scope of the first', async () => {
    const asked: SourceScope[] = [];
    await join([live, binSource({ onRead: (_, within) => asked.push(within) })]);
    expect(asked.map(({ subscriptions }) => subscriptions.map(({ name }) => name))).toEqual([['Payments']]);
  });

  test.for(['denied', 'partial'] as const)(
    'a part that is %s makes the scan incomplete, and costs the first none of its verdicts',
    async (state) => {
      const scope = `/subscriptions/${subscriptionId}`;
      const unreadable: readonly Unreadable[] = [{ scope, kind: 'subscription', reason: 'No.', hint: '' }];
      const failing = listSource([[aVault({ safe: false })]]);
      const report = await join([failing, binSource({ part: { name: 'deleted', state }, unreadable })]);
      expect(report).toMatchObject({ complete: false, unreadable, summary: { nonCompliant: 1 } });
      expect(report.coverage.parts).toEqual([{ name: 'deleted', state }]);
      expect(exitCode(report)).toBe(3);
      const silent = await join([failing, binSource({ part: { name: 'deleted', state } })]);
      expect(silent.complete).toBe(false);
    },
  );

  test('a second source that is cut short is a gap', async () => {
    const report = await join([live, binSource({ part: undefined })]);
    expect(report).toMatchObject({
      complete: false,
      unreadable: [{ scope: 'deleted', kind: 'interrupted' }],
    });
  });

  test('an exemption may name a resource of any source', async () => {
    const bin = binSource({ resources: [deletedVault('kv-gone', false)] });
    const report = await join([live, bin], {
      exemptions: [
        {
          rule: 'ORG201',
          scope: { subscription: 'Payments' },
          category: 'waiver',
          expiresOn: '2099-12-31',
          reason: 'accepted',
          location: { file: 'x.yaml', line: 1, column: 1 },
        },
      ],
    });
    expect(report.findings).toMatchObject([{ compliance: 'exempt' }]);
    expect(report.exemptionNotices).toBeUndefined();
  });

  test('whatever ends the scan, every source is ended', async () => {
    const ended: string[] = [];
    const failing: ResourceSource = {
      ...live,
      async *read() {
        try {
          yield { kind: 'scope', scope: { subscriptions: [], managementGroups: [] }, subscriptions: [] };
          throw new Error('the network is down');
        } finally {
          ended.push('first');
        }
      },
    };
    const bin = binSource({ onEnd: () => ended.push('second') });
    await expect(join([failing, bin])).rejects.toThrow('the network is down');
    expect(ended).toEqual(['first', 'second']);
  });

  test('an interruption reaches every source', async () => {
    const controller = new AbortController();
    controller.abort();
    const signals: boolean[] = [];
    await join([live, binSource({ onRead: ({ aborted }) => signals.push(aborted) })], {
      signal: controller.signal,
    });
    expect(signals).toEqual([true]);
  });
});
