import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { CoveragePart, Unreadable } from '../../src/model/coverage.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { FactSource, ResourceFacts } from '../../src/model/source.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { scanExitCode } from '../../src/usecases/exit-code.ts';
import { scan } from '../../src/usecases/scan.ts';
import { aRule, anHsm, aVault } from '../build.ts';
import { listSource } from './list-source.ts';

const purgers = { kind: 'field', path: 'access.purgers' } as const;
const nobodyPurges = compileRule(
  aRule({ kind: 'comparison', operand: purgers, operator: 'exists', expected: false }),
  {},
);

interface AccessOptions {
  /** By the name of the vault. A vault that is left out is unknown. */
  readonly known: Readonly<Record<string, JsonObject>>;
  readonly gaps?: readonly string[];
  readonly state?: CoveragePart['state'];
  readonly unreadable?: readonly Unreadable[];
  readonly asked?: (resources: readonly Resource[]) => void;
}

/** A source of facts about who may purge a vault. */
function accessSource({
  known,
  gaps = [],
  state = 'read',
  unreadable = [],
  asked,
}: AccessOptions): FactSource {
  return {
    name: 'access',
    types: ['microsoft.keyvault/VAULTS'],
    members: ['access'],
    read: () => ({
      async factsOf(resources) {
        asked?.(resources);
        const answers = new Map<string, ResourceFacts>();
        for (const { id, name } of resources) {
          const access = known[name];
          if (access !== undefined) answers.set(id.toLowerCase(), { members: { access, other: 1 }, gaps });
        }
        return answers;
      },
      async close() {
        const cost = { queries: 2, pages: 1, retries: 0, waitMs: 0 };
        return { unreadable, coverage: { part: { name: 'access', state }, ...cost } };
      },
    }),
  };
}

function scanWith(facts: FactSource, ...resources: readonly Resource[]): Promise<ScanReport> {
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules: [nobodyPurges],
    sources: [listSource([resources])],
    facts: [facts],
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: true,
    signal: new AbortController().signal,
  });
}

const verdicts = ({ findings }: ScanReport) =>
  Object.fromEntries(findings.map(({ resource, compliance }) => [resource.name, compliance]));
const exitCode = (report: ScanReport): number =>
  scanExitCode(report, { failOn: 'low', allowIncomplete: false });
const [one, two] = [aVault({}, { name: 'kv-one' }), aVault({}, { name: 'kv-two' })];

describe('facts that stand beside the body', () => {
  test('are read by conditions; what is not among them is unset, and not a gap', async () => {
    const facts = accessSource({ known: { 'kv-one': { purgers: ['x'] }, 'kv-two': {} } });
    const report = await scanWith(facts, { ...one, id: one.id.toUpperCase() }, two);
    expect(verdicts(report)).toEqual({ 'kv-one': 'nonCompliant', 'kv-two': 'compliant' });
    expect(report).toMatchObject({
      complete: true,
      coverage: { queries: 3, parts: [{ name: 'access', state: 'read' }] },
    });
  });

  test('that have no answer about a resource are unknown there, never unset, and the scan is incomplete', async () => {
    const report = await scanWith(accessSource({ known: { 'kv-two': {} } }), one, two);
    expect(verdicts(report)).toEqual({ 'kv-one': 'unknown', 'kv-two': 'compliant' });
    expect(report).toMatchObject({
      complete: false,
      unreadable: [{ scope: 'access', reason: 'Nothing was learnt of access of a resource.' }],
      coverage: { parts: [{ name: 'access', state: 'partial' }] },
    });
    expect(exitCode(report)).toBe(3);
  });

  test('that are denied leave every verdict on them unknown, and are reported once', async () => {
    const unreadable: readonly Unreadable[] = [{ scope: 'tenant', kind: 'tenant', reason: 'No.', hint: '' }];
    const report = await scanWith(accessSource({ known: {}, state: 'denied', unreadable }), one, two);
    expect(verdicts(report)).toEqual({ 'kv-one': 'unknown', 'kv-two': 'unknown' });
    expect(report).toMatchObject({ complete: false, unreadable });
    expect(report.coverage.parts).toEqual([{ name: 'access', state: 'denied' }]);
  });

  test('may have gaps of their own', async () => {
    const facts = accessSource({ known: { 'kv-one': { purgers: ['x'] } }, gaps: ['access.purgers'] });
    expect(verdicts(await scanWith(facts, one))).toEqual({ 'kv-one': 'unknown' });
  });

  test('take the place of what a body holds under their name', async () => {
    const forged = { ...one, body: { ...one.body, access: {} } };
    expect(verdicts(await scanWith(accessSource({ known: {} }), forged))).toEqual({ 'kv-one': 'unknown' });
  });

  test('are asked for about resources of their types alone', async () => {
    const names: string[] = [];
    const asked = (resources: readonly Resource[]) => names.push(...resources.map(({ name }) => name));
    await scanWith(accessSource({ known: { 'kv-one': {} }, asked }), one, anHsm({}, { name: 'hsm' }));
    expect(names).toEqual(['kv-one']);
  });
});
