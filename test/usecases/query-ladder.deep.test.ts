import { beforeAll, describe, expect, test } from 'vitest';
import { demoTenant, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { vocabularyOf } from '../../emulator/kql/vocabulary.ts';
import { resourceGraphTables } from '../../emulator/resource-graph/tables.ts';
import type { Unaccepted } from '../../emulator/resource-graph/unaccepted.ts';
import { AzureError } from '../../src/model/errors.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { rowsWanted } from '../../src/rules/kql/push-down.ts';
import {
  idsQuery,
  snapshotQuery,
  plainer,
  rowsQuery,
  subscriptionsQuery,
} from '../../src/sources/live/query.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { shippedRules } from '../shipped-rules.ts';
import { scanEstate } from './scan-estate.ts';

const rules = shippedRules();

interface Scan {
  readonly report: ScanReport;
  readonly azure: Estate;
}

async function scan(tenant: Tenant, options: EmulatorOptions = {}): Promise<Scan> {
  const azure = estate(tenant, { quota: 'unlimited', ...options });
  return { report: await scanEstate(azure, rules), azure };
}

/** What must be the same, however Resource Graph was asked. */
function verdicts({ findings, summary, complete, unreadable, coverage }: ScanReport): unknown {
  return { findings, summary, complete, unreadable, subscriptions: coverage.subscriptions };
}

const filtered = { types: scannedTypes, ...rowsWanted(rules, scannedTypes, { all: false }) };

function wordsOf(...queries: readonly string[]): ReadonlySet<string> {
  return vocabularyOf(queries.join('; '), resourceGraphTables);
}

const suspects: readonly Unaccepted[] = [
  ...[
    'hash()',
    'countof()',
    'bag_keys()',
    'parse_json()',
    'gettype()',
    'matches regex',
    '| union',
    'summarize … union',
  ].map((word) => ({ words: [word] })),
  ...[4000, 2000, 1500, 1000, 500, 300].map((longest) => ({ longest })),
];
const pairs = suspects.flatMap((one, index) =>
  suspects.slice(index + 1).map((other) => together(one, other)),
);

function together(one: Unaccepted, other: Unaccepted): Unaccepted {
  const longest = Math.min(one.longest ?? Infinity, other.longest ?? Infinity);
  return {
    words: [...(one.words ?? []), ...(other.words ?? [])],
    ...(longest === Infinity ? {} : { longest }),
  };
}

describe('a scan gives the verdicts of the undisturbed one when Resource Graph refuses', () => {
  let undisturbed: ScanReport;
  beforeAll(async () => {
    ({ report: undisturbed } = await scan(demoTenant()));
  });

  test('nothing: the first form is used, and nothing is refused', () => {
    expect(undisturbed.coverage.resourceGraph).toEqual({ form: 'filtered', refused: [] });
  });

  test.for([...suspects, ...pairs].map((one) => [JSON.stringify(one), one] as const))(
    '%s',
    async ([, unaccepted]) => {
      const { report, azure } = await scan(demoTenant(), { unaccepted });
      expect(verdicts(report)).toEqual(verdicts(undisturbed));
      const isRefused = azure.graphRequests().some(({ status }) => status === 400);
      expect(report.coverage.resourceGraph?.refused.length).toBe(
        isRefused ? azure.graphRequests().filter(({ status }) => status === 400).length : 0,
      );
    },
  );

  const needed = wordsOf(
    subscriptionsQuery,
    idsQuery(filtered),
    rowsQuery({ types: scannedTypes, plain: true }),
  );
  const dispensable = [...wordsOf(snapshotQuery(filtered), rowsQuery(filtered))].filter(
    (word) => !needed.has(word),
  );

  test.for(dispensable)('any word but those of the plainest form: %s', async (word) => {
    const { report } = await scan(demoTenant(), { unaccepted: { words: [word] } });
    expect(verdicts(report)).toEqual(verdicts(undisturbed));
  });

  test('the plainest form has no functions, unions or summaries', () => {
    expect([...needed].toSorted()).toEqual(['=~', 'in~', '| order', '| project', '| where'].toSorted());
  });
});

describe('a scan gives the verdicts of the undisturbed one when Resource Graph', () => {
  test.for([
    ['cuts each page of filtered rows short', 'truncatedPage'],
    ['leaves a filtered row out', 'movedRow'],
  ] as const)('%s', async ([, kind]) => {
    const { report: undisturbed } = await scan(demoTenant());
    const azure = estate(demoTenant(), { quota: 'unlimited' });
    const match = { query: /enablePurgeProtection.*project id, name, type, location/ };
    azure.azure.inject({ kind, match, times: 99 });
    const report = await scanEstate(azure, rules);
    expect(verdicts(report)).toEqual(verdicts(undisturbed));
    expect(report.coverage.resourceGraph).toMatchObject({
      form: 'counted',
      refused: [
        { form: 'filtered', code: 'ResultTruncated', message: expect.stringContaining('withheld rows') },
      ],
    });
  });
});

describe('the form of the queries', () => {
  test('is left once, and the plainer one is kept for the whole scan', async () => {
    const { report, azure } = await scan(demoTenant(), { unaccepted: { words: ['| union'] } });
    const refused = azure.graphRequests().filter(({ status }) => status === 400);
    expect(refused).toHaveLength(2);
    expect(report.coverage.resourceGraph).toMatchObject({
      form: 'plain',
      refused: [
        { form: 'filtered', code: 'InvalidQuery', message: expect.stringContaining('Query is invalid') },
        { form: 'counted', code: 'InvalidQuery' },
      ],
    });
  });

  test('costs the undisturbed scan nothing', async () => {
    const { azure, report } = await scan(tenantOf({ one: 1200, two: 3 }));
    expect(azure.graphRequests()).toHaveLength(2 + 2);
    expect(report.coverage.queries).toBe(2 + 2);
  });

  test('is shorter the plainer it is, to the plainest', () => {
    const counted = plainer(filtered) ?? filtered;
    const plain = plainer(counted) ?? counted;
    const lengths = [filtered, counted, plain].map((query) => rowsQuery(query).length);
    expect(lengths).toEqual(lengths.toSorted((one, other) => other - one));
    expect(new Set(lengths).size).toBe(3);
    expect(plainer(plain)).toBeUndefined();
  });

  test.for([408, 500, 504])(
    'becomes plainer when a query is given up with %i, however often',
    async (status) => {
      const { report: undisturbed } = await scan(demoTenant());
      const azure = estate(demoTenant(), { quota: 'unlimited' });
      azure.azure.inject({ kind: 'status', status, times: 99, match: { query: /hash\(/ } });
      const report = await scanEstate(azure, rules);
      expect(verdicts(report)).toEqual(verdicts(undisturbed));
      expect(report.coverage.resourceGraph?.form).toBe('plain');
    },
  );

  test('becomes plainer when the second snapshot is refused', async () => {
    const { report: undisturbed } = await scan(demoTenant());
    const azure = estate(demoTenant(), { quota: 'unlimited' });
    const match = { query: /union/, nth: 2 };
    azure.azure.inject({ kind: 'status', status: 400, code: 'InvalidQuery', times: 99, match });
    const report = await scanEstate(azure, rules);
    expect(report.findings).toEqual(undisturbed.findings);
    expect(report.summary).toEqual(undisturbed.summary);
    expect(report.unreadable).toEqual(undisturbed.unreadable);
  });

  test('a page that is refused for its size is asked for in halves', async () => {
    const { report: undisturbed } = await scan(tenantOf({ one: 1200, two: 3 }));
    const azure = estate(tenantOf({ one: 1200, two: 3 }), { quota: 'unlimited' });
    const match = { query: /project id, name, type/ };
    azure.azure.inject({ kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', times: 2, match });
    const report = await scanEstate(azure, rules);
    expect(verdicts(report)).toEqual(verdicts(undisturbed));
    expect(report.coverage.resourceGraph?.form).toBe('filtered');
  });

  test('lists of more than a page are read plainly, too', async () => {
    const vaults = { one: 2400, two: 3, none: 0 };
    const { report: undisturbed } = await scan(tenantOf(vaults));
    const { report } = await scan(tenantOf(vaults), { unaccepted: { words: ['hash()'] } });
    expect(verdicts(report)).toEqual(verdicts(undisturbed));
  });
});

test('a query that is refused to the plainest is told with what Azure says, and not as a missing role', async () => {
  const error: unknown = await scan(demoTenant(), { unaccepted: { words: ['| where'] } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AzureError);
  expect(error).toMatchObject({ status: 400, code: 'InvalidQuery' });
  const { message, hint } = error instanceof AzureError ? error : { message: '', hint: '' };
  expect(message).toContain('Query is invalid');
  expect(`${message} ${hint}`).not.toMatch(/Reader|role/);
});
