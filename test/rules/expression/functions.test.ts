import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { compileExpression } from '../../../src/rules/expression/compile.ts';
import { ipRangeContains } from '../../../src/rules/expression/string-functions.ts';
import { parsePolicyExpression } from '../../../src/rules/expression/parse.ts';
import { notKnown } from '../../../src/rules/expression/value.ts';
import { policyField } from '../../../src/rules/catalogue/policy-field.ts';
import { vault } from '../../../src/resource-types/vault.ts';

function pathOf(name: string): string | undefined | typeof notKnown {
  const found = policyField([vault.type], name);
  if ('path' in found) return found.path;
  return 'absent' in found ? undefined : notKnown;
}

const context = {
  parameters: { list: ['a', 'b'], text: 'Aa', days: 90 },
  counted: [],
  apiVersion: vault.apiVersion,
  pathOf,
};
const subject = {
  body: {
    name: 'kv',
    tags: { env: 'prod' },
    resourceGroup: 'rg',
    subscriptionId: 'sub',
    properties: { tenantId: 't' },
  },
  gaps: ['properties.accessPolicies'],
  elements: [],
};

function valueOf(text: string): Json {
  const parsed = parsePolicyExpression(text);
  if ('fault' in parsed) throw new Error(parsed.fault);
  const compiled = compileExpression(parsed.expression, context);
  const value = compiled.kind === 'constant' ? compiled.value : compiled.read(subject);
  return value === notKnown ? 'unknown' : value;
}

test.for<readonly [string, Json]>([
  ["toLower('AB')", 'ab'],
  ["toUpper('ab')", 'AB'],
  ["trim('  a ')", 'a'],
  ["'it''s'", "it's"],
  ['-5', -5],
  ["concat('a', 1, true())", 'a1true'],
  ["concat(createArray('a'), createArray('b', 'c'))", ['a', 'b', 'c']],
  ["length('abc')", 3],
  ["length(parameters('list'))", 2],
  ["length(parameters('LIST'))", 2],
  ["length(field('tags'))", 1],
  ["contains('abc', 'B')", false],
  ["contains('abc', 'b')", true],
  ["contains(parameters('list'), 'a')", true],
  ["contains(field('tags'), 'ENV')", true],
  ["empty('')", true],
  ['empty(createArray())', true],
  ['empty(null())', true],
  ["empty(field('tags'))", false],
  ["if(equals(1, 1), 'a', first())", 'a'],
  ["if(false(), substring('a', 9), 'b')", 'b'],
  ["equals('a', 'A')", false],
  ['equals(90, 90)', true],
  ['and(true(), false(), bool(1))', false],
  ['or(false(), true())', true],
  ['not(true())', false],
  ["less('a', 'b')", true],
  ['greaterOrEquals(2, 2)', true],
  ["add(int('40'), 2)", 42],
  ['sub(1, 2)', -1],
  ['mul(3, 4)', 12],
  ['div(7, 2)', 3],
  ['mod(7, 2)', 1],
  ['min(createArray(3, 1, 2))', 1],
  ['max(3, 1, 2)', 3],
  ["split('a,b;c', createArray(',', ';'))", ['a', 'b', 'c']],
  ["join(createArray('a', 'b'), '-')", 'a-b'],
  ["replace('aba', 'a', '$&')", '$&b$&'],
  ["substring('hello', 1, 3)", 'ell'],
  ["take('hello', 2)", 'he'],
  ["skip(parameters('list'), 1)", ['b']],
  ["first('hello')", 'h'],
  ["last(parameters('list'))", 'b'],
  ["startsWith('Hello', 'hE')", true],
  ["endsWith('Hello', 'LO')", true],
  ["indexOf('Hello', 'L')", 2],
  ["padLeft('7', 3, '0')", '007'],
  ['string(createArray(1))', '[1]'],
  ['json(\'{"a":[1]}\').a[0]', 1],
  ["createObject('a', 1)['A']", 1],
  ["tryGet(createObject('a', 1), 'b')", null],
  ["coalesce(null(), 'a', first())", 'a'],
  ["union(createArray('a'), createArray('a', 'b'))", ['a', 'b']],
  ["union(createObject('a', 1, 'b', 2), createObject('b', 3))", { a: 1, b: 3 }],
  [
    'union(json(\'{"o":{"a":1,"l":[1]},"n":{}}\'), json(\'{"o":{"b":2,"l":[2]},"n":1}\'))',
    { o: { a: 1, b: 2, l: [2] }, n: 1 },
  ],
  ["length(union(createObject('__proto__', createObject('a', 1)), createObject('b', 2)))", 2],
  ["intersection(createArray('a', 'b'), createArray('b'))", ['b']],
  ["field('NAME')", 'kv'],
  ["field('Microsoft.KeyVault/vaults/tenantId')", 't'],
  ["field('Microsoft.KeyVault/vaults/createMode')", ''],
  ["field('Microsoft.KeyVault/vaults/networkAcls.ipRules[*].value')", []],
  ["field('tags.env')", 'prod'],
  ['requestContext().apiVersion', vault.apiVersion],
  ['resourceGroup().name', 'rg'],
  ['subscription().subscriptionId', 'sub'],
  ["and(equals(field('name'), 'x'), empty(field('Microsoft.KeyVault/vaults/accessPolicies')))", false],
])('%s is %j', ([text, wanted]) => {
  expect(valueOf(text)).toEqual(wanted);
});

test.for([
  "substring('a', 0, 2)",
  "int('x')",
  'div(1, 0)',
  'toLower(1)',
  "parameters('gone')",
  "field('Microsoft.KeyVault/vaults/accessPolicies')",
  "length(field('Microsoft.KeyVault/vaults/accessPolicies[*]'))",
  "and(true(), empty(field('Microsoft.KeyVault/vaults/accessPolicies')))",
  "createObject('a', 1).b",
  "ipRangeContains('10.0.0.0/8', '::1')",
  "concat('a', createArray())",
  "noSuchFunction('a')",
])('%s cannot be known', (text) => {
  expect(valueOf(text)).toBe('unknown');
});

describe('text that is no expression is refused', () => {
  test.for<readonly [string, string]>([
    ['', 'a value is missing at its end'],
    ["'a", 'a text is not closed'],
    ['name', '"name" is no call of a function; text stands in single quotes'],
    ["toLower('a'", '")" is missing before its end'],
    ["toLower('a'))", 'nothing may follow the expression, but ")" does'],
    ["concat('a',)", 'a value is missing before ")"'],
    ['a() + b()', '"+ b()" cannot be read'],
    ['a().', 'a name is missing after "."'],
    [`${'a('.repeat(70)}${')'.repeat(70)}`, 'it is nested deeper than 64 calls'],
  ])('%s', ([text, fault]) => {
    expect(parsePolicyExpression(text)).toEqual({ fault });
  });
});

test.for<readonly [string, string, boolean | undefined]>([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.7/8', '10.0.0.1', true],
  ['10.0.0.0/24', '10.0.0.0/16', false],
  ['0.0.0.0/0', '203.0.113.0/24', true],
  ['10.0.0.1-10.0.0.9', '10.0.0.2-10.0.0.9', true],
  ['10.0.0.1-10.0.0.9', '10.0.0.10', false],
  ['192.168.0.1', '192.168.0.1/32', true],
  ['2001:db8::/32', '2001:db8:1::5', true],
  ['2001:db8::/110', '2001:db8::4:0', false],
  ['::ffff:10.0.0.0/104', '::ffff:10.1.2.3', true],
  ['::/0', 'fe80::1', true],
  ['10.0.0.0/8', '::1', undefined],
  ['10.0.0.0/33', '10.0.0.0', undefined],
  ['10.0.0', '10.0.0.0', undefined],
  ['10.0.0.9-10.0.0.1', '10.0.0.5', undefined],
  ['1::2::3', '::1', undefined],
  ['', '10.0.0.0', undefined],
])('%s contains %s: %j', ([range, target, wanted]) => {
  expect(ipRangeContains(range, target)).toBe(wanted);
});
