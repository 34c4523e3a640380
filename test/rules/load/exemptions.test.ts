import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import { loadExemptions } from '../../../src/rules/load/exemptions.ts';
import { expectationOf, fileOf, fixture, fixtureNames, linesOf, refusalOf } from './fixtures.ts';

const invalid = 'exemptions/invalid';
const named = [
  { id: 'AKV001', name: 'soft-delete' },
  { id: 'AKV002', name: 'purge-protection' },
  { id: 'AKV003', name: 'retention' },
  { id: 'AKV007', name: 'private-endpoint' },
];
const rules = { named, areAll: true };

test.for(fixtureNames(invalid))('%s is refused in the words of its expectation', async (name) => {
  expect(existsSync(expectationOf(invalid, name))).toBe(true);
  const problems = refusalOf(() => loadExemptions(fixture(invalid, name), rules));
  await expect(linesOf(problems)).toMatchFileSnapshot(expectationOf(invalid, name));
});

test('exemptions come out as written, with their places', () => {
  const exemptions = loadExemptions(fixture('exemptions/valid', 'exemptions.yaml'), rules);
  expect(exemptions).toMatchObject([
    {
      rule: 'AKV002',
      scope: { name: 'kv-sandbox-*', subscription: 'Sandbox' },
      category: 'waiver',
      reason: 'Rebuilt every night.',
      owner: 'anna@example.com',
      ticket: 'SEC-17',
      expiresOn: '2027-03-01',
      location: { file: 'exemptions.yaml', line: 3, column: 5 },
    },
    { rule: '*', category: 'mitigated' },
    {
      rule: 'AKV007',
      scope: { tag: { tier: '3' }, managementGroup: 'sandbox', resourceGroup: 'rg-sandbox' },
    },
  ]);
  expect(exemptions.map(({ expiresOn }) => expiresOn)).toEqual(['2027-03-01', '2027-12-31', '2028-02-29']);
});

test('a rule may be called by its name', () => {
  const text = exemptionUntil('2027-03-01').replace('AKV002', 'Purge-Protection');
  expect(loadExemptions(fileOf(text), rules)).toMatchObject([{ rule: 'AKV002' }]);
  const wrong = text.replace('Protection', 'Protekion');
  expect(refusalOf(() => loadExemptions(fileOf(wrong), rules))).toMatchObject([
    { message: 'there is no rule Purge-Protekion. Did you mean purge-protection?' },
  ]);
});

test('an empty list exempts nothing and is no mistake', () => {
  expect(loadExemptions(fileOf('exemptions: []\n'), rules)).toEqual([]);
});

test.for(['2024-02-29', '2028-02-29', '2027-12-31'])('%s is a valid date', (day) => {
  expect(loadExemptions(fileOf(exemptionUntil(day)), rules)[0]?.expiresOn).toBe(day);
});

test.for(['2027-02-29', '2027-00-10', '2027-04-31', '2027-13-01', '2027-01-32'])(
  '%s is not a valid date',
  (day) => {
    const problems = refusalOf(() => loadExemptions(fileOf(exemptionUntil(day)), rules));
    expect(problems.map(({ message }) => message)).toEqual([
      `"expiresOn" is ${day}, which is not a valid date`,
    ]);
  },
);

test('two tags whose names differ in letter case alone are one tag', () => {
  const text = `exemptions:
  - rule: AKV002
    scope: { tag: { env: dev, Owner: a, ENV: dev } }
    category: waiver
    reason: x
    expiresOn: 2027-03-01
`;
  const problems = refusalOf(() => loadExemptions(fileOf(text), rules));
  expect(problems).toMatchObject([
    { line: 3, message: '"env" and "ENV" are the same tag: Azure ignores letter case in their names' },
  ]);
});

function exemptionUntil(day: string): string {
  return `exemptions: [{ rule: AKV002, scope: { name: kv }, category: waiver, reason: x, expiresOn: ${day} }]`;
}
