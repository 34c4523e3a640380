import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import { expectationOf, fileOf, fixture, fixtureNames, linesOf, loadConfig, refusalOf } from './fixtures.ts';

const invalid = 'config/invalid';

const unset = { extends: [], parametersByScope: [], writes: [] };

test.for(fixtureNames(invalid))('%s is refused in the words of its expectation', async (name) => {
  expect(existsSync(expectationOf(invalid, name))).toBe(true);
  const problems = refusalOf(() => loadConfig(fixture(invalid, name)));
  await expect(linesOf(problems)).toMatchFileSnapshot(expectationOf(invalid, name));
});

test('everything that a configuration can say comes out of it', () => {
  const file = 'purgeproof.yaml';
  expect(loadConfig(fixture('config/valid', file))).toEqual({
    file,
    subscriptions: ['production', '11111111-1111-1111-1111-111111111111'],
    managementGroups: ['platform'],
    policies: ['rules/'],
    defaultPolicies: true,
    rules: [
      { rule: 'AKV002', origin: { file, line: 6, column: 9 } },
      { rule: 'AKV003', origin: { file, line: 6, column: 17 } },
    ],
    excludeRules: [{ rule: 'AKV007', origin: { file, line: 7, column: 16 } }],
    parameters: [
      { name: 'minimumRetentionDays', given: { value: 60 }, origin: { file, line: 10, column: 25 } },
      {
        rule: 'AKV003',
        name: 'minimumRetentionDays',
        given: { value: 30 },
        origin: { file, line: 9, column: 35 },
      },
    ],
    severities: [{ rule: 'AKV006', severity: 'low', origin: { file, line: 11, column: 15 } }],
    exemptions: 'exemptions.yaml',
    paths: [
      { key: 'policies', path: 'rules/', origin: { file, line: 4, column: 12 } },
      { key: 'exemptions', path: 'exemptions.yaml', origin: { file, line: 12, column: 13 } },
      { key: 'baseline', path: 'base.json', origin: { file, line: 19, column: 11 } },
    ],
    baseline: 'base.json',
    failOn: 'medium',
    failOnNew: true,
    allowIncomplete: false,
    includeCompliant: true,
    cloud: 'AzureUSGovernment',
    output: ['table', 'sarif=out/purgeproof.sarif'],
    deleted: { purge: 'never', origin: { file, line: 18, column: 12 } },
    ...unset,
    places: expect.objectContaining({ failOn: expect.objectContaining({ file, column: 1 }) }),
  });
});

test('what is not said is absent', () => {
  expect(loadConfig(fileOf('failOn: high\n', 'c.yaml'))).toEqual({
    file: 'c.yaml',
    failOn: 'high',
    ...unset,
    places: { failOn: { file: 'c.yaml', line: 1, column: 1 } },
    paths: [],
    parameters: [],
    severities: [],
  });
});

test.for(['# failOn: high\n', '\n  # a\r\n# b'])(
  'a configuration of comments alone, %j, says nothing',
  (text) => {
    expect(loadConfig(fileOf(text, 'c.yaml'))).toEqual({
      file: 'c.yaml',
      ...unset,
      places: {},
      paths: [],
      parameters: [],
      severities: [],
    });
  },
);

test.for([
  ['', 'c.yaml:1:1  the file is empty\n'],
  ['---\n', 'c.yaml:1:1  the file holds no value\n'],
  ['# a\nnull\n', 'c.yaml:1:1  the file holds no value\n'],
] as const)('a configuration that holds nothing, %j, is refused', ([text, message]) => {
  expect(linesOf(refusalOf(() => loadConfig(fileOf(text, 'c.yaml'))))).toBe(message);
});
