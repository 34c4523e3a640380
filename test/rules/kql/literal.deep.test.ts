import { describe, expect, test } from 'vitest';
import { memberPath, quote } from '../../../src/rules/kql/literal.ts';
import { resourceTypes } from '../../../src/resource-types/index.ts';
import { aVault } from '../../build.ts';
import { hardTexts } from './pools.ts';
import { idsGivenBy, problemsIn, store } from './graph.ts';

const texts = [...hardTexts, ...'select set project and or in by title first last datetime'.split(' ')];

describe('quoting', () => {
  test.for(texts)('%j comes back as it went, and stays inside its quotes', (text) => {
    const stored = store([aVault({ value: text }).body, aVault({ value: `${text}!` }, other).body]);
    expect(idsGivenBy(`resources | where tostring(properties.['value']) == ${quote(text)}`, stored)).toEqual(
      new Set([stored[0]?.row['id']]),
    );
    expect(quote(text)).toMatch(/^[ -~]*$/);
  });

  test.for(texts.filter((text) => text !== ''))('%j names a property', (key) => {
    const stored = store([aVault({ [key]: 'here' }).body, aVault({ [`${key}!`]: 'here' }, other).body]);
    const path = memberPath('properties', key);
    expect(idsGivenBy(`resources | where tostring(${path}) == 'here'`, stored)).toEqual(
      new Set([stored[0]?.row['id']]),
    );
  });

  test('every known field is a path that binds', () => {
    const paths = resourceTypes
      .flatMap(({ fields }) => Object.keys(fields))
      .filter((path) => path.startsWith('properties.'));
    const tests = paths.map((path) => {
      const [root = '', ...keys] = path.replaceAll('[*]', '').split('.');
      return `isnull(${keys.reduce(memberPath, root)})`;
    });
    expect(problemsIn(`resources | where ${tests.join(' or ')}`)).toEqual([]);
  });
});

const other = { name: 'kv-payments-other', id: `${aVault({}).id}-other` };
