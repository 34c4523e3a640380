import { DOMParser, type Element, onWarningStopParsing } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import { junit } from '../../src/reporters/scan/junit.ts';
import { hostileTexts } from './hostile.ts';
import {
  aCoverage,
  aFinding,
  aReport,
  aVault,
  defaultContext,
  denied,
  rules,
  subscriptions,
  textOf,
} from './reports.ts';
import { sharedReports } from './shared-reports.ts';

interface Outcome {
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

interface Case {
  readonly classname: string;
  readonly name: string;
  readonly failure?: Outcome;
  readonly error?: Outcome;
  readonly skipped?: Outcome;
}

interface Suite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly errors: string;
  readonly skipped: string;
  readonly testcase: readonly Case[];
}

const parser = new DOMParser({ onError: onWarningStopParsing });

interface Document {
  readonly tests: string;
  readonly testsuite: readonly Suite[];
}

/** The document as a reader of XML has it, which refuses what is not well-formed. */
function read(report: ScanReport): Document {
  const root = parser.parseFromString(textOf(junit, report), 'application/xml').documentElement!;
  const testsuite = childrenOf(root).map((suite) =>
    Object.assign(attributesOf(suite), {
      testcase: childrenOf(suite)
        .filter(({ tagName }) => tagName === 'testcase')
        .map(caseOf),
    }),
  );
  return JSON.parse(JSON.stringify(Object.assign(attributesOf(root), { testsuite })));
}

function caseOf(element: Element): object {
  const outcomes = childrenOf(element).map((child) => [
    child.tagName,
    Object.assign(attributesOf(child), { text: child.textContent }),
  ]);
  return Object.assign(attributesOf(element), Object.fromEntries(outcomes));
}

function childrenOf(element: Element): readonly Element[] {
  return Array.from(element.childNodes).filter(
    (node): node is Element => node.nodeType === node.ELEMENT_NODE,
  );
}

function attributesOf({ attributes }: Element): object {
  return Object.fromEntries(Array.from(attributes, ({ name, value }) => [name, value]));
}

function casesOf(report: ScanReport): readonly Case[] {
  return read(report).testsuite.flatMap(({ testcase }) => testcase);
}

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

test.for(reports)('$name: the counts are those of the tests, and no suite is without one', ({ report }) => {
  const { tests, testsuite } = read(report);
  for (const suite of testsuite) {
    const having = (kind: 'failure' | 'error' | 'skipped') =>
      String(suite.testcase.filter((each) => each[kind] !== undefined).length);
    expect(suite.testcase.length).toBeGreaterThan(0);
    expect(suite).toMatchObject({
      tests: String(suite.testcase.length),
      failures: having('failure'),
      errors: having('error'),
      skipped: having('skipped'),
    });
  }
  expect(tests).toBe(String(testsuite.flatMap(({ testcase }) => testcase).length));
});

test.for(reports)('$name: every test has names that no other has', ({ report }) => {
  const names = casesOf(report).map(({ classname, name }) => `${classname} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test.for(reports)('$name: something fails wherever the scan is incomplete or a rule failed', ({ report }) => {
  const failed = casesOf(report).some(({ failure }) => failure !== undefined);
  expect(failed).toBe(!report.complete || report.summary.nonCompliant > 0);
});

test('a complete scan has a suite for each subscription, and in each a test that it was read', () => {
  const { testsuite } = read(aReport([]));
  expect(testsuite.map(({ name }) => name)).toEqual(Object.values(subscriptions).map(({ name }) => name));
  expect(testsuite.map(({ testcase }) => testcase)).toMatchObject(
    Object.values(subscriptions).map(({ id }) => [
      { classname: 'purgeproof.coverage', name: `subscription ${id}` },
    ]),
  );
});

test('a scan without subscriptions has a suite, and a test that it was read', () => {
  const scope = { subscriptions: [], managementGroups: [], inventory: 'vaults.json' };
  const report = aReport([], { scope, coverage: aCoverage({ expectedFrom: 'named', subscriptions: [] }) });
  expect(read(report).testsuite).toMatchObject([
    { name: 'Scan', failures: '0', testcase: [{ name: 'everything in scope' }] },
  ]);
});

describe('a verdict is', () => {
  const outcomeOf = (report: ScanReport) => casesOf(report).find(({ classname }) => /AKV/.test(classname));

  test.for([
    ['nonCompliant', 'failure', 'high'],
    ['unknown', 'error', 'unknown'],
    ['exempt', 'skipped', 'waiver'],
  ] as const)('%s: %s', ([compliance, kind, type]) => {
    const found = outcomeOf(aReport([aFinding('AKV002', aVault('KV-A'), { compliance })]));
    expect(found).toMatchObject({ classname: 'purgeproof.AKV002', [kind]: { type } });
    expect(found?.name).toMatch(/^kv-a \(\/subscriptions\/.*\/kv-a\)$/);
  });

  test('compliant: a passed test', () => {
    const found = outcomeOf(aReport([aFinding('AKV002', aVault('kv-a'), { compliance: 'compliant' })]));
    expect(Object.keys(found ?? {})).toEqual(['classname', 'name', 'time']);
  });

  test('explained: what was found, and what to do', () => {
    const found = outcomeOf(aReport([aFinding('AKV002', aVault('kv-a'))]));
    expect(found?.failure?.message).toContain('kv-a fails AKV002');
    expect(found?.failure?.text.split('\n')).toEqual([
      'high: AKV002 purge-protection: Purge protection is enabled',
      'enablePurgeProtection is unset, expected true',
      expect.stringContaining('Irreversible: it can never be undone.'),
      expect.stringContaining('/AKV002.md'),
    ]);
  });
});

describe('what could not be read fails', () => {
  test('a subscription as its own test, a resource in its suite, and what is in none in that of the scan', () => {
    const vault = aVault('kv-a', { subscriptionId: subscriptions.staging.id });
    const gap = (kind: 'resource' | 'tenant', scope: string) => ({
      kind,
      scope,
      reason: 'Denied.',
      hint: '',
    });
    const unreadable = [denied, gap('resource', vault.id), gap('tenant', 'contoso')];
    const { testsuite } = read(aReport([], { complete: false, unreadable }));
    expect(testsuite.map(({ name, failures }) => [name, failures])).toEqual([
      ['Scan', '2'],
      ['Payments Production', '0'],
      ['Payments Staging', '2'],
      ['Platform', '0'],
    ]);
    expect(testsuite[2]?.testcase.map(({ name }) => name)).toEqual([
      `subscription ${subscriptions.staging.id}`,
      `resource ${vault.id.toLowerCase()}`,
    ]);
  });

  test('several reasons for one thing are one test', () => {
    const unreadable = ['One.', 'Two.'].map((reason) => Object.assign({}, denied, { reason }));
    const failed = casesOf(aReport([], { complete: false, unreadable })).filter(({ failure }) => failure);
    expect(failed.map(({ failure }) => failure?.message)).toEqual([
      expect.stringContaining('INCOMPLETE'),
      'One. Two.',
    ]);
  });

  test('also where only the coverage says so', () => {
    const [one, ...others] = aCoverage().subscriptions;
    const coverage = aCoverage({ subscriptions: [{ ...one!, state: 'truncated', rows: 3 }, ...others] });
    const [, suite] = read(aReport([], { complete: false, coverage })).testsuite;
    expect(suite?.testcase[0]?.failure?.message).toContain('truncated, 3 of 20 rows');
  });

  test('a subscription that is disabled and was read does not', () => {
    const [one, ...others] = aCoverage().subscriptions;
    const coverage = aCoverage({ subscriptions: [{ ...one!, state: 'disabled' }, ...others] });
    expect(casesOf(aReport([], { coverage })).filter(({ failure }) => failure)).toEqual([]);
  });
});

test('a rule that no source reads is skipped, and says why', () => {
  const notJudged = [
    { type: 'Microsoft.Storage/storageAccounts', reason: 'No source of this scan reads it.' },
  ];
  const report = aReport([], {
    rules: rules.slice(0, 1).map((rule) => Object.assign({}, rule, { notJudged })),
  });
  expect(casesOf(report).filter(({ skipped }) => skipped)).toMatchObject([
    {
      classname: 'purgeproof.AKV001',
      skipped: { message: expect.stringContaining('No source of this scan reads it.') },
    },
  ]);
});

test('findings of a subscription that the coverage does not name have a suite, too', () => {
  const vault = aVault('kv-a', { subscriptionId: 'ABC' });
  expect(read(aReport([aFinding('AKV002', vault)])).testsuite.at(-1)).toMatchObject({
    name: 'ABC',
    failures: '1',
  });
});

test.for(hostileTexts)('%s stays text in XML', ([, text]) => {
  const vault = aVault(text, { id: 'x' });
  const evidence = [{ field: 'tags.owner', expected: text, actual: { kind: 'read', value: text } }] as const;
  const before = casesOf(aReport([aFinding('AKV002', aVault('kv-a'))])).length;
  const cases = casesOf(aReport([aFinding('AKV002', vault, { message: text, evidence })]));
  expect(cases).toHaveLength(before);
  expect(textOf(junit, aReport([aFinding('AKV002', vault)]))).not.toMatch(
    /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u,
  );
});

test('the values of a text are kept, whatever XML would make of them', () => {
  const text = 'a & b < c > "d" \'e\' ]]> &amp; %s';
  const cases = casesOf(aReport([aFinding('AKV002', aVault('kv-a'), { message: text })]));
  const found = cases.find(({ failure }) => failure);
  expect(found?.failure?.message).toBe(text);
});

test('tests come out one by one', () => {
  const pieces = [...junit.render(sharedReports['large']!, defaultContext)];
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(4000);
});
