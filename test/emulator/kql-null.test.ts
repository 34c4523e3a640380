import { describe, expect, test } from 'vitest';
import { evaluator, run, type Case } from './kql.ts';

// Kusto documentation: "Null values", "Logical operators", "isnull()", "isempty()", "in operator".
const row = {
  name: '',
  properties: {
    on: true,
    off: false,
    text: 'Enabled',
    empty: '',
    number: 90,
    digits: '90',
    nothing: null,
    list: [],
  },
};

describe('a null in a comparison', () => {
  const cases: readonly Case[] = [
    ['properties.absent == true', false],
    ['properties.absent != true', true],
    ['properties.absent == 90', false],
    ['properties.absent != 90', true],
    ["properties.absent == 'Deny'", false],
    ["properties.absent != 'Deny'", true],
    ['properties.nothing == true', false],
    ['properties.nothing != true', true],
    ['int(null) == int(null)', null],
    ['int(null) != int(null)', null],
    ['tobool(properties.absent) == bool(null)', null],
    ['properties.absent < 90', null],
    ['properties.absent >= 90', null],
    ['toint(properties.absent) > 7', null],
    ['properties.absent between (7 .. 90)', null],
    ['properties.absent !between (7 .. 90)', null],
    ['toint(properties.absent) + 1', null],
    ['toint(properties.absent) in (1, 2)', false],
    ['toint(properties.absent) !in (1, 2)', true],
    ["properties.absent in~ ('a')", false],
    ["properties.absent !in~ ('a')", true],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });
});

describe('a null in logic', () => {
  const cases: readonly Case[] = [
    ['not(bool(null))', null],
    ['not(properties.absent == true)', true],
    ['not(properties.absent < 90)', null],
    ['bool(null) and true', null],
    ['bool(null) and false', false],
    ['false and bool(null)', false],
    ['bool(null) or true', true],
    ['true or bool(null)', true],
    ['bool(null) or false', null],
    ["iff(bool(null), 'yes', 'no')", 'no'],
    ["case(bool(null), 'yes', true, 'second', 'no')", 'second'],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });

  test('where drops rows whose condition is null', () => {
    expect(run('resources | where properties.absent < 90', [row])).toEqual([]);
    expect(run('resources | where not(properties.absent < 90)', [row])).toEqual([]);
  });
});

describe('what is null and what is empty', () => {
  const cases: readonly Case[] = [
    ['isnull(properties.absent)', true],
    ['isnull(properties.nothing)', true],
    ['isnull(properties.absent.deeper[0].still)', true],
    ['isnull(properties.off)', false],
    ['isnull(properties.list)', false],
    ['isnull(name)', false],
    ['isnotnull(name)', true],
    ['isempty(name)', true],
    ['isempty(properties.absent)', true],
    ['isempty(properties.empty)', true],
    ['isempty(properties.list)', false],
    ['isnotempty(properties.off)', true],
    ["isnull(parse_json(''))", true],
    ["isnull(parse_json('[]'))", false],
    ["coalesce(tostring(properties.absent), 'none')", 'none'],
    ['coalesce(toint(properties.absent), 90)', 90],
    ['tostring(properties.absent)', ''],
    ["strcat('a', properties.absent, 'b')", 'ab'],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });
});
