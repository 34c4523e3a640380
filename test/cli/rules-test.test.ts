import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../schemas/rule-tests.schema.json' with { type: 'json' };
import { run, packageRoot, type Outcome } from './run.ts';

const definition = 'test/fixtures/azure-policy/folder/purge-protection.json';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof rules test-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const rulesTest = (...argv: readonly string[]): Promise<Outcome> => run(['rules', 'test', ...argv], { cwd });
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
};

const head = `id: ORG001
name: public-access
title: Public network access is disabled
severity: medium
resourceType: Microsoft.KeyVault/vaults
description: Nobody outside needs it.
require:
  field: properties.publicNetworkAccess
  equals: Disabled
`;
const whole = `${head}examples:
  pass:
    - properties: { publicNetworkAccess: Disabled }
  fail:
    - properties: { publicNetworkAccess: Enabled }
    - properties: {}
    - properties: { publicNetworkAccess: null }
  unknown:
    - properties: { publicNetworkAccess: false }
`;

const isRuleTests = new Ajv2020({ strict: false }).compile(schema);
async function asJson(...argv: readonly string[]) {
  const { code, stdout } = await rulesTest(...argv, '--output', 'json');
  const document = JSON.parse(stdout);
  isRuleTests(document);
  expect(isRuleTests.errors).toBeNull();
  expect(document.passed).toBe(code === 0);
  return { code, document };
}

test('a rule that its examples show whole passes, strictly too', async () => {
  write('policies/ours.yaml', whole);
  const expected =
    'pass  ORG001 public-access  5 examples, 7 of 7 shown\n1 rule, 5 examples: none wrong, everything shown.\n';
  expect(await rulesTest()).toMatchObject({ code: 0, stdout: expected });
  expect(await rulesTest('policies', '--strict')).toMatchObject({ code: 0, stdout: expected });
  expect((await asJson()).document).toMatchObject({
    strict: false,
    rules: [
      { id: 'ORG001', file: 'policies/ours.yaml', line: 1, coverage: { toShow: 7, shown: 7, missing: [] } },
    ],
    notTested: [],
  });
});

test('a wrong example is named at its place with its evidence', async () => {
  write(
    'ours.yaml',
    whole.replace('fail:\n', 'fail:\n    - properties: { publicNetworkAccess: disabled }\n'),
  );
  const { code, stdout, ending } = await rulesTest('ours.yaml');
  expect(code).toBe(1);
  expect(stdout).toContain('FAIL  ORG001 public-access  6 examples, 7 of 7 shown\n');
  expect(stdout).toContain(
    'ours.yaml:14:7  fail 1: this example should fail, but it passes (properties.publicNetworkAccess is disabled, expected Disabled)\n',
  );
  expect(ending).toBe('Exit 1: an example is wrong, or a rule has none.\n');
  const { document } = await asJson('ours.yaml');
  expect(document.rules[0].examples[1]).toMatchObject({
    kind: 'fail',
    number: 1,
    found: 'pass',
    passed: false,
    evidence: [{ field: 'properties.publicNetworkAccess', expected: 'Disabled', actual: 'disabled' }],
    line: 14,
  });
  // The same file is a mistake to a check, which a scan makes, too.
  expect((await run(['rules', 'check', 'ours.yaml'], { cwd })).code).toBe(2);
});

test('what no example shows is listed with examples to paste, and fails with --strict', async () => {
  write('ours.yaml', `${head}examples:\n  pass:\n    - properties: { publicNetworkAccess: Disabled }\n`);
  const { code, stdout } = await rulesTest('ours.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain('ours.yaml:8:3  no example in which properties.publicNetworkAccess is null\n');
  expect(stdout).toContain('5 not shown (--strict fails for that).');
  expect(await rulesTest('ours.yaml', '--strict')).toMatchObject({
    code: 1,
    ending: 'Exit 1: an example is wrong, a rule has none, or something is not shown.\n',
  });
  const pasted = /^examples:\n(?: .*\n)+/mu.exec(stdout)?.[0] ?? '';
  const { examples } = parse(pasted);
  examples.pass = [{ properties: { publicNetworkAccess: 'Disabled' } }];
  write('ours.yaml', `${head}examples: ${JSON.stringify(examples)}\n`);
  expect(await rulesTest('ours.yaml', '--strict')).toMatchObject({ code: 0 });
});

test('a rule without examples fails: nothing was tested', async () => {
  write('ours.yaml', head);
  const { code, stdout } = await rulesTest('ours.yaml');
  expect(code).toBe(1);
  expect(stdout).toContain('ours.yaml:1:5  there is no example, so nothing shows that the rule works\n');
  const { stdout: xml } = await rulesTest('ours.yaml', '--output', 'junit');
  expect(xml).toContain('<failure type="examples" message="there is no example');
});

test('JUnit has a test for each example, and one that is skipped for each gap', async () => {
  write('ours.yaml', whole.replace('    - properties: {}\n', '').replace('Enabled }', 'Disabled }'));
  const suiteOf = async (...argv: readonly string[]) => {
    const { stdout } = await rulesTest('ours.yaml', ...argv, '--output', 'junit');
    const suite = new DOMParser().parseFromString(stdout, 'text/xml').getElementsByTagName('testsuite')[0];
    return ['name', 'tests', 'failures', 'skipped'].map((name) => suite?.getAttribute(name));
  };
  expect(await suiteOf()).toEqual(['ORG001 public-access', '6', '1', '2']);
  expect(await suiteOf('--strict')).toEqual(['ORG001 public-access', '6', '3', '0']);
});

describe('the rules that ship with purgeproof', () => {
  test('are shown whole', async () => {
    const { code, stdout } = await rulesTest('--built-in', '--strict');
    expect(code).toBe(0);
    expect(stdout).toMatch(/14 rules, \d{3} examples: none wrong, everything shown\.\n$/);
  });

  test('are chosen by id or name, beside rules of the user', async () => {
    write('ours.yaml', whole);
    const { document } = await asJson('ours.yaml', '--built-in', '--rule', 'org001', '--rule', 'soft-delete');
    expect(document.rules.map(({ id, file }: { id: string; file: string }) => [id, file])).toEqual([
      ['ORG001', 'ours.yaml'],
      ['AKV001', 'policies/vaults/AKV001-soft-delete.yaml'],
    ]);
    const { code, stderr } = await rulesTest('--built-in', '--rule', 'AKV01');
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean AKV001?'),
    });
  });
});

describe('nothing that was tested is no success', () => {
  test.for<[string, readonly string[], string]>([
    ['no folder policies', [], 'error: There is no folder policies here, and no rules are named.'],
    ['a path that is not there', ['nowhere'], 'nowhere'],
    ['an empty folder', ['empty'], 'empty holds no rule files.'],
    ['definitions of Azure Policy alone', ['policy.json'], 'error: There is no rule to test:'],
    ['a file that is no rule', ['broken.yaml'], 'broken.yaml:1:1  '],
    ['an id that is reserved', ['reserved.yaml'], 'reserved.yaml:1:5  "AKV001" is reserved'],
    ['a format that there is not', ['ours.yaml', '--output', 'jsn'], 'There is no output format jsn.'],
    ['a report over a rule', ['ours.yaml', '--output', 'json=ours.yaml'], 'ours.yaml'],
  ])('%s', async ([, argv, message]) => {
    mkdirSync(join(cwd, 'empty'));
    write('ours.yaml', whole);
    write('broken.yaml', 'title: nothing else\n');
    write('reserved.yaml', whole.replace('ORG001', 'AKV001'));
    cpSync(join(packageRoot, definition), join(cwd, 'policy.json'));
    const { code, stdout, stderr } = await rulesTest(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(readFileSync(join(cwd, 'ours.yaml'), 'utf8')).toBe(whole);
  });

  test('a definition beside rules is named', async () => {
    write('policies/ours.yaml', whole);
    cpSync(join(packageRoot, definition), join(cwd, 'policies/policy.json'));
    const { code, stdout } = await rulesTest();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^policies\/policy\.json:\d+:\d+ {2}\S+ is not tested: a definition of Azure Policy/m,
    );
  });
});

test('hostile text in a rule stays text', async () => {
  write('ours.yaml', head.replace('equals: Disabled', String.raw`equals: "\u001b[31m<&\u202e"`));
  for (const format of ['table', 'json', 'junit']) {
    const { stdout } = await rulesTest('ours.yaml', '--output', format);
    expect(['\u001b', '\u202e'].filter((sign) => stdout.includes(sign))).toEqual([]);
  }
});
