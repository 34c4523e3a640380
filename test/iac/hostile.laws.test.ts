import { describe, expect, test } from 'vitest';

import { runs } from '../runs.ts';
import { anchorOf, declarationsOf } from './declarations.ts';

const type = 'Microsoft.KeyVault/vaults@2023-07-01';
const good = `resource good '${type}' = {\n  name: 'kv-payments'\n}\n`;
const goodTerraform = 'resource "azurerm_key_vault" "good" {\n  name = "kv-payments"\n}\n';

describe('damage in one statement does not reach the next', () => {
  test.for([
    ['an unterminated string', "param x string = 'never closed\n"],
    ['an unterminated interpolation', "var x = 'a${b\n"],
    ['a brace too many', 'var x = {}}\n'],
    ['braces that are never closed', 'var x = { a: { b: [\n'],
    ['a resource that is cut off', `resource cut '${type}' = {\n  name: 'kv-cut'\n`],
    ['something that is no Bicep', 'SELECT * FROM vaults;\n'],
  ])('Bicep: %s', ([, before]) => {
    const read = declarationsOf({ 'main.bicep': `${before}${good}` });
    expect(anchorOf(read, { name: 'kv-payments' })).toMatch(/^main\.bicep:\d+$/);
    expect(anchorOf(read, { name: 'kv-cut' })).toBe('none');
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatchObject({ file: 'main.bicep', message: expect.stringMatching(/\w/) });
  });

  test.for([
    ['an unterminated string', 'variable "x" {\n  default = "never closed\n}\n'],
    ['a brace too many', 'locals {}}\n'],
    ['braces that are never closed', 'locals {\n  a = { b = [\n'],
    ['a resource that is cut off', 'resource "azurerm_key_vault" "cut" {\n  name = "kv-cut"\n'],
    ['something that is no HCL', 'SELECT * FROM vaults;\n'],
  ])('Terraform: %s', ([, before]) => {
    const read = declarationsOf({ 'main.tf': `${before}${goodTerraform}` });
    expect(anchorOf(read, { name: 'kv-payments' })).toMatch(/^main\.tf:\d+$/);
    expect(anchorOf(read, { name: 'kv-cut' })).toBe('none');
    expect(read.problems).toHaveLength(1);
  });

  test('a file that is no JSON is told and the others are read', () => {
    const broken = '{ "$schema": "x/deploymentTemplate.json", "type": "Microsoft.KeyVault/vaults", ';
    const read = declarationsOf({ 'a.json': broken, 'main.bicep': good });
    expect(read.problems).toMatchObject([{ file: 'a.json' }]);
    expect(anchorOf(read, { name: 'kv-payments' })).toBe('main.bicep:1');
  });
});

describe('how a text is written does not matter', () => {
  const written = good.replace(
    "name: 'kv-payments'",
    "name: 'kv-payments'\n  properties: {\n    enablePurgeProtection: false\n  }",
  );
  test.for([
    ['CRLF', written.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${written}`],
    ['tabs', written.replaceAll('  ', '\t')],
    ['no indentation', written.replaceAll(/\n +/g, '\n')],
    ['comments in between', written.replace('{', '{ // resource x {\n').replaceAll('\n\n', '\n')],
    ['Unicode in between', written.replace("'kv-payments'", "'kv-payments' /* \u{1F511}\u202E */")],
  ])('%s', ([, text = '']) => {
    expect(anchorOf(declarationsOf({ 'main.bicep': text }), { name: 'kv-payments' })).toBe('main.bicep:4');
  });

  test('in JSON: CRLF, a byte order mark, tabs, comments and a comma too many', () => {
    const text = [
      '\uFEFF{',
      '\t"$schema": "x/deploymentTemplate.json#", // "resources": [',
      '\t"resources": [{ /* "type": "x" */ "type": "Microsoft.KeyVault/vaults",',
      '\t\t"name": "kv-payments", "properties": {',
      '\t\t\t"enablePurgeProtection": false, } }] }',
    ].join('\r\n');
    expect(anchorOf(declarationsOf({ 'main.json': text }), { name: 'kv-payments' })).toBe('main.json:5');
  });
});

/** What makes every kind of file worth parsing. */
const relevant = `/* azurerm_key_vault '${type}' "$schema": "deploymentTemplate.json" "Microsoft.KeyVault/vaults" */`;

describe('text that was written to exhaust', () => {
  const size = runs(1_000_000);
  const pieces = ['{', '{}', '[', "'", "'${", '"${', 'a ? b : '];
  const files = ['main.bicep', 'main.bicepparam', 'main.tf', 'main.json', 'main.tf.json', 'terragrunt.hcl'];
  const cases = files.flatMap((file) => pieces.map((piece) => ({ file, piece })));

  test.for(cases)('endless $piece in $file is read to its end', ({ file, piece }) => {
    const text = `${relevant}${piece.repeat(size / piece.length)}`;
    expect(declarationsOf({ [file]: text }).declarations).toEqual([]);
  });

  const chain = (make: (index: number) => string): string =>
    Array.from({ length: 300 }, (_, index) => `var a${index} = ${make(index)}\n`).join('');
  test.for([
    ['text that doubles', chain((i) => `'\${a${i + 1}}\${a${i + 1}}'`)],
    ['choices that double', chain((i) => `x ? 'a\${a${i + 1}}' : 'b\${a${i + 1}}'`)],
    ['a long chain', chain((i) => `a${i + 1}`)],
    [
      'lists in lists',
      "var a0 = join([for a in range(0, 500): join([for b in range(0, 500): 'x'], '')], '')\n",
    ],
  ])('%s ends as a name that is not known', ([, text]) => {
    const read = declarationsOf({ 'main.bicep': `${text}resource v '${type}' = {\n  name: a0\n}\n` });
    expect(read.declarations).toHaveLength(1);
    expect(anchorOf(read, { name: 'kv-payments' })).toBe('none');
  });

  test('modules that multiply end, and the answer says that not all are known', () => {
    const modules = Array.from({ length: 12 }, (_, index) => [
      `m${index}.bicep`,
      `param n string\nmodule m 'm${index + 1}.bicep' = [for i in range(0, 500): { params: { n: '\${n}\${i}' } }]\n`,
    ]);
    modules.push(['m12.bicep', `param n string\n${good}`]);
    expect(declarationsOf(Object.fromEntries(modules)).problems).toMatchObject([
      { file: 'm0.bicep', message: expect.stringContaining('too much') },
    ]);
  });
});

describe('files that are loaded or read by others', () => {
  const loading = (file: string, call: string): Readonly<Record<string, string>> => ({
    'main.bicep': `var a = ${call}\nresource v '${type}' = {\n  name: 'kv-\${a}-payments'\n}\n`,
    [file]: '',
  });
  test.for([
    ['n.json', "loadJsonContent('n.json').x", '['],
    ['n.json', "loadJsonContent('n.json').x", '{"a":'],
    ['n.yaml', "loadYamlContent('n.yaml').x", '['],
    ['n.yaml', "loadYamlContent('n.yaml').x", '- '],
    ['n.yaml', "loadYamlContent('n.yaml').x", '? '],
    ['n.yaml', "loadYamlContent('n.yaml').x", 'a: &a *a\n'],
  ])('%s with %s of %s leave a value unknown', ([file = '', call = '', piece = '']) => {
    for (const bytes of [50_000, 99_000, 900_000]) {
      const files = { ...loading(file, call), [file]: piece.repeat(bytes / piece.length) };
      expect(anchorOf(declarationsOf(files), { name: 'kv-x-payments' })).toBe('main.bicep:2');
    }
  });

  test('functions, modules and imports that multiply end as a name that is not known', () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const functions = numbers.map(
      (i) => `func f${i}(x string) string => '\${f${i + 1}(x)}\${f${i + 1}(x)}'\n`,
    );
    const vault = (name: string): string => `resource v '${type}' = {\n  name: ${name}\n}\n`;
    const modules = Object.fromEntries(
      numbers.map((i) => [
        `m${i}.bicep`,
        `module a 'm${i + 1}.bicep' = {}\nmodule b 'm${i + 1}.bicep' = {}\noutput x string = '\${a.outputs.x}\${b.outputs.x}'\n${vault('a.outputs.x')}`,
      ]),
    );
    const read = declarationsOf({ 'f.bicep': `${functions.join('')}${vault("f0('x')")}`, ...modules });
    expect(anchorOf(read, { name: 'kv-payments' })).toBe('none');
    expect(read.problems.length).toBeGreaterThan(0);
  });

  test('here documents inside each other are read to a depth', () => {
    const text = `locals {\n  a = ${'<<A\n${'.repeat(20_000)}`;
    expect(declarationsOf({ 'main.tf': `${goodTerraform}${text}` }).declarations).toHaveLength(1);
  });
});
