import * as fc from 'fast-check';
import type { Condition, Rule } from '../../../src/model/rule.ts';
import type { Json } from '../../../src/model/json.ts';
import { managedHsm } from '../../../src/resource-types/managed-hsm.ts';
import { vault } from '../../../src/resource-types/vault.ts';
import { operators } from '../../../src/rules/operators/index.ts';
import type { OperatorKind } from '../../../src/rules/operators/operator.ts';
import { aRule } from '../../build.ts';
import { oddKeys, paths, pathsInside, rights } from './paths.ts';
import type { Pool } from './pools.ts';

type Test = readonly [operator: string, expected: Json];

/** Rules over all operators, with parameters, on vaults, managed HSMs or both. */
export function rulesOf(pool: Pool): fc.Arbitrary<Rule> {
  const condition = nested(leafOf(pool));
  return fc
    .record({
      require: condition,
      when: fc.option(condition, { nil: undefined, freq: 2 }),
      types: fc.subarray([vault.type, managedHsm.type], { minLength: 1 }),
      text: fc.constantFrom(...pool.texts),
    })
    .map(({ require, when, types, text }) =>
      aRule(require, {
        ...(when === undefined ? {} : { when }),
        resourceTypes: types,
        parameters: { text: { type: 'string', default: text } },
      }),
    );
}

function leafOf(pool: Pool): fc.Arbitrary<Condition> {
  const test = testOf(pool);
  const compares = (paths: readonly string[]): fc.Arbitrary<Condition> =>
    fc.tuple(fc.constantFrom(...paths), test).map(([path, test]) => compared(path, test));
  const countsRights = counts(rights, fc.oneof(compares([rights]), fc.constant(undefined)));
  const where = fc.oneof(
    { weight: 6, arbitrary: compares(pathsInside) },
    { weight: 1, arbitrary: countsRights },
  );
  return fc.oneof(
    { weight: 6, arbitrary: compares(paths) },
    {
      weight: 2,
      arbitrary: counts('properties.policies[*]', fc.oneof(nested(where), fc.constant(undefined))),
    },
    {
      weight: 1,
      arbitrary: counts(
        'properties.list[*]',
        fc.option(compares(['properties.list[*]']), { nil: undefined }),
      ),
    },
    { weight: 1, arbitrary: countsRights },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...pool.texts), test).map(literal) },
  );
}

function testOf({ texts, scalars, patterns }: Pool): fc.Arbitrary<Test> {
  const plain = texts.filter((text) => !text.startsWith('['));
  const text = fc.constantFrom("[parameters('text')]", ...plain);
  const scalar = fc.oneof(
    text,
    fc.constantFrom(...scalars.filter((one) => one !== null && typeof one !== 'string'), true),
  );
  const pattern = fc.constantFrom(...patterns.filter((one) => !one.startsWith('[')));
  const expected: Readonly<Record<OperatorKind, fc.Arbitrary<Json>>> = {
    equality: scalar,
    containment: scalar,
    membership: fc.array(scalar, { maxLength: 3 }),
    wildcard: pattern,
    pattern,
    key: fc.oneof(fc.constantFrom('owner', 'Owner', 'cost center', ...oddKeys), pattern),
    order: scalar.filter((one) => typeof one !== 'boolean'),
    presence: fc.constantFrom<Json>(true, false, 'true', 'False'),
  };
  return fc.oneof(
    ...Object.entries(operators).map(([name, { kind }]) => fc.tuple(fc.constant(name), expected[kind])),
  );
}

const countTest: fc.Arbitrary<Test> = fc.oneof(
  fc.tuple(
    fc.constantFrom('equals', 'notEquals', 'less', 'lessOrEquals', 'greater', 'greaterOrEquals'),
    fc.constantFrom<Json>(0, 1, 2, 3, 6, '1', 1.5, 100),
  ),
  fc.tuple(fc.constantFrom('in', 'notIn'), fc.subarray<Json>([0, 1, 2, 5, 7])),
  fc.tuple(fc.constantFrom('like', 'notLike'), fc.constantFrom('*', '1*', '6*')),
);

function compared(path: string, [operator, expected]: Test): Condition {
  return { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
}

function literal([value, [operator, expected]]: readonly [string, Test]): Condition {
  return { kind: 'comparison', operand: { kind: 'value', value }, operator, expected };
}

function counts(field: string, where: fc.Arbitrary<Condition | undefined>): fc.Arbitrary<Condition> {
  return fc.tuple(where, countTest).map(([where, [operator, expected]]) => ({
    kind: 'comparison',
    operand: { kind: 'count', field, ...(where === undefined ? {} : { where }) },
    operator,
    expected,
  }));
}

function nested(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: leaf },
      { weight: 1, arbitrary: joined('allOf', tie('condition')) },
      { weight: 1, arbitrary: joined('anyOf', tie('condition')) },
      { weight: 1, arbitrary: tie('condition').map((condition): Condition => ({ kind: 'not', condition })) },
    ),
  })).condition;
}

function joined(kind: 'allOf' | 'anyOf', part: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.array(part, { maxLength: 3 }).map((conditions) => ({ kind, conditions }));
}
