import { describe, expect, test } from 'vitest';
import type { Exemption } from '../../src/model/exemption.ts';
import type { ResourceScope } from '../../src/model/resource-scope.ts';
import { findExemptions } from '../../src/rules/exemptions/find.ts';
import { aVault, subscriptionId } from '../build.ts';

const location = { file: 'exemptions.yaml', line: 1, column: 1 };
const exemption = (scope: ResourceScope, rest: Partial<Exemption> = {}): Exemption => ({
  rule: 'AKV002',
  scope,
  category: 'waiver',
  reason: 'accepted',
  expiresOn: '2099-12-31',
  location,
  ...rest,
});
const vault = aVault({}, { tags: { Owner: 'payments', env: 'prod' } });
const subscription = {
  id: subscriptionId,
  name: 'Payments',
  managementGroups: ['production', 'root'].map((id) => ({ id, name: id })),
};
const now = new Date('2026-11-24T12:00:00Z');

function covers(given: Exemption, ruleId = 'AKV002', at = now): boolean {
  return findExemptions([given], at)(ruleId, vault, subscription) !== undefined;
}

describe('the scope of an exemption', () => {
  const rg = `/subscriptions/${subscriptionId}/resourceGroups/rg-payments`;
  test.for<[ResourceScope, boolean]>([
    [{ resource: vault.id.toUpperCase() }, true],
    [{ resource: `${vault.id}x` }, false],
    [{ resourceGroup: 'RG-Payments' }, true],
    [{ resourceGroup: rg }, true],
    [{ resourceGroup: rg.slice(0, -1) }, false],
    [{ resourceGroup: 'rg' }, false],
    [{ subscription: subscriptionId }, true],
    [{ subscription: 'payments' }, true],
    [{ subscription: 'other' }, false],
    [{ managementGroup: 'ROOT' }, true],
    [{ managementGroup: 'sandbox' }, false],
    [{ name: 'kv-*' }, true],
    [{ name: 'kv' }, false],
    [{ tag: { owner: 'payments' } }, true],
    [{ tag: { owner: 'Payments' } }, false],
    [{ tag: { owner: 'payments', env: 'dev' } }, false],
    [{ name: 'kv-*', subscription: 'other' }, false],
    [{}, false],
  ])('%j: %s', ([scope, expected]) => {
    expect(covers(exemption(scope))).toBe(expected);
  });
});

describe('tags whose names differ in letter case alone', () => {
  test.for<[Readonly<Record<string, string>>, Readonly<Record<string, string>>, boolean]>([
    [{ ENV: 'dev' }, { env: 'dev' }, true],
    [{ env: 'dev', ENV: 'dev' }, { Env: 'dev' }, true],
    // Which of them Azure means is not known: no exemption rests on either.
    [{ env: 'dev', ENV: 'prod' }, { env: 'dev' }, false],
    [{ env: 'prod', ENV: 'dev' }, { env: 'dev' }, false],
    [{ env: 'Dev' }, { env: 'dev' }, false],
  ])('%j with an exemption for %j: %s', ([tags, tag, expected]) => {
    const find = findExemptions([exemption({ tag })], now);
    expect(find('AKV002', aVault({}, { tags })) !== undefined).toBe(expected);
  });
});

describe('ids in capitals', () => {
  const id = 'a81baed6-feb4-46a8-8de8-8b5ab50e5e52';
  const lower = aVault({}, { subscriptionId: id });
  const upper = aVault({}, { subscriptionId: id.toUpperCase(), id: lower.id.toUpperCase() });
  const group = `/subscriptions/${id}/resourceGroups/rg-payments`;
  const both = (scope: string): readonly [string, string] => [scope, scope.toUpperCase()];
  test.for<ResourceScope>([
    ...both(lower.id).map((resource) => ({ resource })),
    ...both(group).map((resourceGroup) => ({ resourceGroup })),
    ...both('rg-payments').map((resourceGroup) => ({ resourceGroup })),
    ...both(id).map((subscription) => ({ subscription })),
  ])('%j covers the vault however Azure spells it', (scope) => {
    const find = findExemptions([exemption(scope)], now);
    for (const vault of [lower, upper])
      expect(
        find('AKV002', vault, { id: vault.subscriptionId, name: 'x', managementGroups: [] }),
      ).toBeDefined();
  });
});

describe('the rule of an exemption', () => {
  test.for<[string, string, boolean]>([
    ['*', 'AKV001', true],
    ['akv002', 'AKV002', true],
    ['AKV002', 'AKV001', false],
  ])('%s covers %s: %s', ([rule, judged, expected]) => {
    expect(covers(exemption({ name: '*' }, { rule }), judged)).toBe(expected);
  });
});

describe('the end of an exemption', () => {
  test.for<[string, string, boolean]>([
    ['2027-03-01', '2027-03-01T23:59:59.999Z', true],
    ['2027-03-01', '2027-03-02T00:00:00.000Z', false],
    ['2027-03-01', '2027-03-01T23:30:00-02:00', false],
  ])('expiresOn %s at %s: %s', ([expiresOn, at, expected]) => {
    expect(covers(exemption({ name: '*' }, { expiresOn }), 'AKV002', new Date(at))).toBe(expected);
  });

  test('of several, the one that holds longest is named', () => {
    const some = ['2027-01-01', '2027-06-01'].map((expiresOn) => exemption({ name: '*' }, { expiresOn }));
    expect(findExemptions(some, now)('AKV002', vault)?.expiresOn).toBe('2027-06-01');
  });
});
