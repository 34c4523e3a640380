import { describe, expect, test } from 'vitest';
import { evaluator, type Case } from './kql.ts';

const row = {
  name: 'kv',
  properties: {
    on: true,
    word: 'true',
    Text: 'Enabled',
    number: 90,
    digits: '90',
    part: 7.5,
    list: ['a', 'B', { deep: [1, 2] }],
    bag: { 'odd key': 'x' },
  },
};

describe('a dynamic takes the type of what it is compared with', () => {
  const cases: readonly Case[] = [
    ['properties.on == true', true],
    ['properties.word == true', true],
    ["properties.on == 'true'", true],
    ["properties.number == '90'", true],
    ['properties.digits == 90', true],
    ['properties.digits >= 90', true],
    ['properties.number < 90.5', true],
    ['properties.Text == true', false],
    ['properties.Text != true', true],
    ["properties.Text == 'enabled'", false],
    ["properties.Text =~ 'enabled'", true],
    ["properties.Text !~ 'enabled'", false],
    ["properties.number in ('90')", true],
    ['properties.digits in (7, 90)', true],
    ['properties.on in (true)', true],
    ["properties.list contains 'deep'", true],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });
});

describe('paths', () => {
  const cases: readonly Case[] = [
    ['properties.Text', 'Enabled'],
    ['properties.text', null],
    ["properties['Text']", 'Enabled'],
    ["properties.bag['odd key']", 'x'],
    ["properties.bag.['odd key']", 'x'],
    ['properties.list[0]', 'a'],
    ['properties.list[-1].deep[1]', 2],
    ['properties.list[9]', null],
    ['properties.list.length', null],
    ['properties.constructor', null],
    ['properties[name]', null],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toEqual(value);
  });
});

describe('casts', () => {
  const cases: readonly Case[] = [
    ['tostring(properties.on)', 'true'],
    ['tostring(properties.number)', '90'],
    ['tostring(properties.bag)', '{"odd key":"x"}'],
    ['tobool(properties.word)', true],
    ["tobool('FALSE')", false],
    ['tobool(123)', true],
    ["tobool('Enabled')", null],
    ['toint(properties.digits)', 90],
    ['toint(properties.part)', 7],
    ["toint('7.5')", null],
    ["tolong('not a number')", null],
    ["toreal('7.5')", 7.5],
    ['toint(3000000000)', null],
    ['gettype(properties.list)', 'array'],
    ['gettype(properties.bag)', 'dictionary'],
    ['gettype(properties.absent)', 'null'],
    ["gettype('a')", 'string'],
    ['parse_json(\'{"a":[1]}\').a[0]', 1],
    ["tostring(parse_json('not json'))", 'not json'],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toEqual(value);
  });
});

describe('functions of arrays and bags', () => {
  const cases: readonly Case[] = [
    ['array_length(properties.list)', 3],
    ['array_length(properties.Text)', null],
    ["array_index_of(properties.list, 'B')", 1],
    ["array_index_of(properties.list, 'b')", -1],
    ["set_has_element(properties.list, 'a')", true],
    ["bag_has_key(properties, 'on')", true],
    ["bag_has_key(properties, 'ON')", false],
    ['bag_keys(properties.bag)', ['odd key']],
    ["bag_pack('a', 1, 'b', properties.on)", { a: 1, b: true }],
    ["pack_array('a', 1)", ['a', 1]],
    ["dynamic({'a': [1, true, null]}).a", [1, true, null]],
    ["strcat_array(properties.list, ',')", 'a,B,{"deep":[1,2]}'],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toEqual(value);
  });
});
