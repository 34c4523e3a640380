import { describe, expect, test } from 'vitest';
import { readInputs, variableOf } from '../../src/action/inputs.ts';

function read(inputs: Readonly<Record<string, string>>) {
  const variables = Object.entries(inputs).map(([name, value]) => [variableOf(name), value]);
  return readInputs(Object.fromEntries(variables), '/home/runner/infra');
}

test('without any input, everything has its default', () => {
  const { inputs, problems } = read({});
  expect(problems).toEqual([]);
  expect(inputs).toMatchObject({
    sourceRoot: '.',
    sarifFile: 'purgeproof.sarif',
    jsonFile: 'purgeproof.json',
    markdownFile: undefined,
    upload: false,
    changedOnly: false,
    flags: { failOn: undefined, allowIncomplete: undefined, cloud: undefined },
  });
});

describe('an input is read', () => {
  test.for<[string, string, unknown]>([
    ['subscriptions', 'a, b\n\n c ,\r\nd', ['a', 'b', 'c', 'd']],
    ['management-groups', 'production', ['production']],
    ['policies', './rules/,/home/runner/infra/more', ['rules', 'more']],
    ['fail-on', 'HIGH', 'high'],
    ['cloud', 'azureusgovernment', 'AzureUSGovernment'],
    ['allow-incomplete', 'False', false],
    ['allow-incomplete', 'TRUE', true],
    ['inventory', '../elsewhere/vaults.json', '../elsewhere/vaults.json'],
  ])('%s: %j', ([input, text, expected]) => {
    const { inputs, problems } = read({ [input]: text });
    expect(problems).toEqual([]);
    const key = input.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(inputs.flags).toMatchObject({ [key]: expected });
  });

  test('request-timeout, in milliseconds', () => {
    const { inputs, problems } = read({ 'request-timeout': ' 1m30s ' });
    expect(problems).toEqual([]);
    expect(inputs.flags.requestTimeoutMs).toBe(90_000);
  });

  test('parameters, one a line: commas belong to the value', () => {
    const { inputs } = read({ parameters: 'AKV003.minimumRetentionDays=30\nallowed=a,b' });
    expect(inputs.flags.parameters).toMatchObject([
      { rule: 'AKV003', name: 'minimumRetentionDays', given: { text: '30' } },
      { name: 'allowed', given: { text: 'a,b' } },
    ]);
  });
});

describe('a mistake is named', () => {
  test.for<[string, Readonly<Record<string, string>>, string]>([
    ['a boolean in other words', { upload: '1' }, 'upload'],
    ['a boolean with more in it', { 'allow-incomplete': 'true # really' }, 'allow-incomplete'],
    ['an unknown severity', { 'fail-on': 'none' }, 'fail-on'],
    ['a time without a unit', { 'request-timeout': '90' }, 'request-timeout'],
    ['no time at all', { 'request-timeout': '0s' }, 'request-timeout'],
    ['an unknown cloud', { cloud: 'AzureGermanCloud' }, 'cloud'],
    ['a parameter without a value', { parameters: 'minimumRetentionDays' }, 'parameters'],
    ['what no source reads', { include: 'template' }, 'include'],
    ['an unknown value', { include: 'secrets' }, 'include'],
    ['two paths where one is taken', { config: 'a.yaml\nb.yaml' }, 'config'],
    ['a category of two lines', { category: 'a\nb' }, 'category'],
    ['an inventory that is narrowed', { inventory: 'a.json', subscriptions: 'b' }, 'inventory'],
    ['one file for two reports', { 'sarif-file': 'a', 'json-file': './a' }, 'json-file'],
  ])('%s', ([, inputs, input]) => {
    const { problems } = read(inputs);
    expect(problems).toMatchObject([{ input }]);
    expect(problems[0]?.hint).not.toBe('');
  });

  test('and all mistakes at once', () => {
    expect(read({ upload: '1', cloud: 'x', 'fail-on': 'y' }).problems).toHaveLength(3);
  });
});
