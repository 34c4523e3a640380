import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { categoryOf, readCategory } from '../../src/usecases/report/category.ts';

const nothing = { subscriptions: [], managementGroups: [], cloud: 'AzureCloud' } as const;

describe('the category of a scope', () => {
  test.for<[string, Parameters<typeof categoryOf>[0], RegExp]>([
    ['of everything visible', nothing, /^purgeproof$/],
    [
      'of one group',
      { ...nothing, managementGroups: ['Production'] },
      /^purgeproof\/management-group-production$/,
    ],
    [
      'of one subscription by a name with spaces',
      { ...nothing, subscriptions: ['Pay ments'] },
      /^purgeproof\/subscription-[0-9a-f]{12}$/,
    ],
    ['of several', { ...nothing, subscriptions: ['a', 'b'] }, /^purgeproof\/subscriptions-[0-9a-f]{12}$/],
    ['of an inventory', { ...nothing, inventory: 'vaults.json' }, /^purgeproof\/inventory-vaults\.json$/],
    [
      'of another cloud',
      { ...nothing, cloud: 'AzureChinaCloud', managementGroups: ['a'] },
      /^purgeproof\/azurechinacloud\/management-group-a$/,
    ],
  ])('%s', ([, settings, expected]) => {
    expect(categoryOf(settings)).toMatch(expected);
  });

  test('is the same in any order and letter case, and another for another list', () => {
    const of = (...subscriptions: string[]): string => categoryOf({ ...nothing, subscriptions });
    expect(of('B', 'a')).toBe(of('A', 'b'));
    expect(of('a', 'b')).not.toBe(of('a', 'c'));
  });
});

describe('a category that a user names', () => {
  test.for([
    ['production', 'production'],
    [' eu/production/ ', 'eu/production'],
  ])('%s is read as %s', ([text, expected]) => {
    expect(readCategory(text ?? '')).toBe(expected);
  });

  test.for(['', '   ', '/', 'a\nb', 'a\u202Eb', 'x'.repeat(121)])('%j is refused', (text) => {
    expect(() => readCategory(text)).toThrow(UsageError);
  });
});
