import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import schema from '../../schemas/trend.schema.json' with { type: 'json' };
import { beginTrend } from '../../src/history/trend.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Trend } from '../../src/model/trend.ts';
import { trendFormats } from '../../src/reporters/trend/formats.ts';
import { aReport as aFrame, findingOf } from '../history/trend-reports.ts';
import { actedUpon, commands, hostileTexts } from './hostile.ts';

const isTrend = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

/** A day of scans, by the findings of each and the subscriptions that it did not read. */
interface Scan {
  readonly findings: readonly Finding[];
  readonly unread?: readonly number[];
}

function trendOf(scans: readonly Scan[], days = 1): Trend {
  const trend = beginTrend();
  for (const [index, { findings, unread = [] }] of scans.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1 + index * days, 2)).toISOString();
    trend.add(aFrame({ at, unread }), findings);
  }
  return trend.end([]);
}

const fails = (...indexes: readonly number[]) => indexes.map((index) => findingOf(index, 'nonCompliant'));
const trends: Readonly<Record<string, Trend>> = {
  year: trendOf(
    [
      { findings: fails(0, 1, 2, 3) },
      { findings: [...fails(0, 1), findingOf(2, 'exempt', '2026-06-30'), ...fails(3)] },
      { findings: [...fails(1), findingOf(2, 'exempt', '2026-06-30'), ...fails(4)] },
      { findings: [findingOf(2, 'exempt', '2026-06-30'), ...fails(4)], unread: [1] },
      { findings: fails(0, 1, 2) },
      { findings: fails(0, 2, 4), unread: [1, 3] },
    ],
    60,
  ),
  clean: trendOf([{ findings: [] }]),
  damaged: {
    ...trendOf([{ findings: fails(0) }]),
    unreadable: [{ file: 'x.ndjson.gz', reason: 'audit/x.ndjson.gz is damaged: it is cut short.' }],
  },
  'nothing read': { ...trendOf([]), unreadable: [{ file: 'x', reason: 'audit/x is damaged: unknown.' }] },
};

const hostile: Trend = {
  ...trendOf([
    {
      findings: hostileTexts.map(([, text], index): Finding => {
        const finding = findingOf(index, 'nonCompliant');
        return { ...finding, ruleName: text, resource: { ...finding.resource, name: text } };
      }),
    },
  ]),
  unreadable: hostileTexts.map(([, text]) => ({ file: text, reason: text })),
};
const [lapsed] = hostile.oldestOpen;
const all: Trend = {
  ...hostile,
  reappeared: hostile.oldestOpen.map((finding) => Object.assign({}, finding, { times: 1 })),
  expiredExemptions: hostileTexts.map(([, reason]) =>
    Object.assign({}, lapsed!, {
      exemption: { category: 'waiver' as const, reason, expiresOn: '2026-01-01' },
    }),
  ),
};

function textOf(format: (typeof trendFormats)[keyof typeof trendFormats], trend: Trend, width = 100): string {
  return [...format.render(trend, { archive: 'audit', terminal: { color: false, width } })].join('');
}

describe('every format shows every trend as its golden file', () => {
  test.for(
    Object.entries(trendFormats).flatMap(([format, reporter]) =>
      Object.entries(trends).map(([name, trend]) => ({ format, reporter, name, trend })),
    ),
  )('$format of $name', async ({ format, reporter, name, trend }) => {
    const file = `golden/trend-${name.replace(' ', '-')}.${format}.${reporter.extension}`;
    await expect(textOf(reporter, trend)).toMatchFileSnapshot(file);
  });
});

test.for(Object.values(trends))('the JSON is as its schema says', (trend) => {
  isTrend(JSON.parse(textOf(trendFormats.json, trend)));
  expect(isTrend.errors ?? []).toEqual([]);
});

test.for([80, 90, 120])('the table fits %i columns', (width) => {
  for (const line of textOf(trendFormats.table, trends['year']!, width).split('\n'))
    expect(line.length).toBeLessThanOrEqual(width);
});

test('a trend that ends with an incomplete scan never sounds as if all were well', () => {
  for (const format of [trendFormats.table, trendFormats.markdown]) {
    const gone = trendOf([{ findings: fails(0) }, { findings: [], unread: [1] }]);
    expect(textOf(format, gone).replaceAll(/\s+/g, ' ')).toContain(
      'INCOMPLETE: the last scan did not read everything, so more may be open. No finding is known to be open; 1 fewer than on 2026-01-01.',
    );
    const whole = trendOf([{ findings: [], unread: [1] }, { findings: [] }]);
    expect(textOf(format, whole)).toContain('No finding is open; as many as on 2026-01-01.');
    expect(textOf(format, whole)).not.toContain('INCOMPLETE');
  }
});

test.for([
  [1 / 24, '2 open findings: 1 critical, 1 high; 1 more than in the first scan.'],
  [1, '2 open findings: 1 critical, 1 high; 1 more than on 2026-01-01.'],
] as const)('scans %d days apart are compared in words that tell them apart', ([days, words]) => {
  const trend = trendOf([{ findings: fails(0) }, { findings: fails(0, 1) }], days);
  expect(textOf(trendFormats.table, trend)).toContain(words);
});

describe.for(Object.entries(trendFormats))('hostile text in %s', ([, format]) => {
  test('is neutral for a terminal and a build log, at any width', () => {
    for (const width of [40, 59, 80, 120, Number.POSITIVE_INFINITY]) {
      expect(textOf(format, all, width)).not.toMatch(actedUpon);
      expect(textOf(format, all, width)).not.toMatch(commands);
    }
  });
});

test('rows of Markdown have as many cells as their head, and no HTML', () => {
  const lines = textOf(trendFormats.markdown, all).split('\n');
  const cells = lines.map((line) => (line.startsWith('|') ? line.split('|').length : 0));
  expect(
    cells.filter((amount, row) => amount > 0 && (cells[row - 1] ?? 0) > 0 && amount !== cells[row - 1]),
  ).toEqual([]);
  expect(lines.join('\n')).not.toMatch(/<(?!\/?code>)/);
});
