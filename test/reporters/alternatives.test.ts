import { describe, expect, test } from 'vitest';
import { tiesBetween } from '../../src/model/evidence-words.ts';
import type { Alternative, Evidence } from '../../src/model/evidence.ts';
import { markdown } from '../../src/reporters/scan/markdown.ts';
import { table } from '../../src/reporters/scan/table.ts';
import { sarif } from '../../src/reporters/scan/sarif.ts';
import { sarifFull } from '../../src/reporters/scan/sarif-full.ts';
import { defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const report = sharedReports['alternatives']!;
const wide = { ...defaultContext, terminal: { color: false, width: Number.POSITIVE_INFINITY } };

const network =
  'publicNetworkAccess is Enabled and networkAcls.defaultAction is unset (Allow), ' +
  'expected either publicNetworkAccess to be one of Disabled, SecuredByPerimeter, ' +
  'or networkAcls.defaultAction to be Deny';
const policy =
  'accessPolicies[0] is objectId 11111111-1111-1111-1111-111111111111: keys, secrets, expected no such element';

describe('a failed anyOf is one sentence, and a policy is named by who may purge what', () => {
  test('in the table', () => {
    const rows = textOf(table, report, wide).split('\n');
    expect(rows.filter((row) => row.includes('AKV006') && row.endsWith(network))).toHaveLength(1);
    expect(rows.filter((row) => row.includes('AKV005') && row.endsWith(policy))).toHaveLength(1);
  });

  test('in Markdown, where the rows of the evidence are tied together', () => {
    const text = textOf(markdown, report);
    expect(text).toContain('expected either publicNetworkAccess to be one of Disabled');
    expect(text).toContain(
      '| either <code>one of Disabled, SecuredByPerimeter</code> | <code>Enabled</code> |',
    );
    expect(text).toContain('| or <code>Deny</code> | <code>unset (Allow)</code> |');
    expect(text).toContain('<code>objectId 11111111-1111-1111-1111-111111111111: keys, secrets</code>');
  });

  test.for(Object.entries({ sarif, 'sarif-full': sarifFull }))('in the messages of %s', ([, format]) => {
    const texts = [...textOf(format, report).matchAll(/"text": ?"([^"]*AKV00[56][^"]*)"/g)];
    const messages = texts.map(([, text = '']) => text.replaceAll('properties.', ''));
    expect(messages.some((text) => text.includes(network))).toBe(true);
    expect(messages.some((text) => text.includes(policy))).toBe(true);
  });
});

test('rows are tied by either, or, and', () => {
  const within = { group: 1, option: 2 };
  const places: readonly (readonly [Alternative | undefined, string])[] = [
    [undefined, ''],
    [{ group: 1, option: 1 }, 'either'],
    [within, 'or'],
    [within, 'and'],
    [{ group: 2, option: 1, within }, 'and either'],
    [{ group: 2, option: 2, within }, 'or'],
    [within, 'and'],
    [{ group: 3, option: 1 }, 'either'],
    [{ group: 4, option: 1, within: { group: 3, option: 2 } }, 'or either'],
    [{ group: 4, option: 2, within: { group: 3, option: 2 } }, 'or'],
    [undefined, ''],
  ];
  const facts = places.map(([alternative]): Evidence => {
    const fact = { field: 'a', expected: true, actual: { kind: 'read', value: false } } as const;
    return alternative === undefined ? fact : { ...fact, alternative };
  });
  expect(tiesBetween(facts)).toEqual(places.map(([, tie]) => tie));
});
