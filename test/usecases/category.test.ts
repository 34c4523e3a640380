import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { LiveTarget } from '../../src/model/target.ts';
import { categoryOf, readCategory } from '../../src/usecases/report/category.ts';

type Settings = Parameters<typeof categoryOf>[0];

const live = (given: Partial<LiveTarget> = {}): Settings => ({
  target: { kind: 'live', subscriptions: [], managementGroups: [], include: [], ...given },
  cloud: 'AzureCloud',
});

describe('the category of a scope', () => {
  test.for<[string, Settings, RegExp]>([
    ['of everything visible', live(), /^purgeproof$/],
    ['of one group', live({ managementGroups: ['Production'] }), /^purgeproof\/management-group-production$/],
    [
      'of one subscription by a name with spaces',
      live({ subscriptions: ['Pay ments'] }),
      /^purgeproof\/subscription-[0-9a-f]{12}$/,
    ],
    [
      'with a part',
      live({ include: ['objects', 'deleted'] }),
      /^purgeproof\/include-deleted\/include-objects$/,
    ],
    ['of several', live({ subscriptions: ['a', 'b'] }), /^purgeproof\/subscriptions-[0-9a-f]{12}$/],
    [
      'of an inventory',
      { target: { kind: 'inventory', file: 'vaults.json', complete: false }, cloud: 'AzureCloud' },
      /^purgeproof\/inventory-vaults\.json$/,
    ],
    [
      'of another cloud',
      { ...live({ managementGroups: ['a'] }), cloud: 'AzureChinaCloud' },
      /^purgeproof\/azurechinacloud\/management-group-a$/,
    ],
  ])('%s', ([, settings, expected]) => {
    expect(categoryOf(settings)).toMatch(expected);
  });

  test('is the same in any order and letter case, and another for another list', () => {
    const of = (...subscriptions: string[]): string => categoryOf(live({ subscriptions }));
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
