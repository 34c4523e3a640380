import type { Json } from '../../model/json.ts';
import type { Comparison, Condition } from '../../model/rule.ts';
import { compileValue } from '../expression/compile.ts';
import { type CompiledValue, type ExpressionContext, valueFor, withAll } from '../expression/context.ts';
import { notKnown } from '../expression/value.ts';
import { operators } from '../operators/index.ts';
import type { Operator, OperatorKind } from '../operators/operator.ts';
import { comparable } from '../operators/scalar.ts';
import type { Compiled, CompiledComparison } from './compiled.ts';
import { type Side, sideOf } from './side.ts';
import { every, not, some } from './truth.ts';

const noContext: ExpressionContext = { parameters: {}, counted: [], pathOf: () => notKnown };

/** Turns a condition into closures; what does not depend on a resource is worked out once, here. */
export function compileCondition(condition: Condition, context = noContext): Compiled {
  if (condition.kind === 'comparison') return compileComparison(condition, context);
  if (condition.kind === 'not') {
    const part = compileCondition(condition.condition, context);
    return { kind: 'not', part, test: (subject) => not(part.test(subject)) };
  }
  const parts = condition.conditions.map((part) => compileCondition(part, context));
  const combine = condition.kind === 'allOf' ? every : some;
  return { kind: condition.kind, parts, test: (subject) => combine(parts, (part) => part.test(subject)) };
}

function compileComparison(comparison: Comparison, context: ExpressionContext): CompiledComparison {
  const operator = operatorNamed(comparison.operator);
  const expected = expectedOf(comparison, operator, context);
  const side = sideOf(comparison.operand, context, (where, counted) =>
    compileCondition(where, { ...context, counted: [...context.counted, counted] }),
  );
  if (expected.kind === 'computed' || expected.value === notKnown || side.kind === 'computed')
    return computedComparison(comparison, { operator, expected, side });
  const holds = operator.compile(expected.value);
  const compiled = { kind: 'comparison', operator, expected: expected.value, holds } as const;
  if (side.kind === 'literal') {
    const truth = holds(side.value);
    return { ...compiled, test: () => truth };
  }
  const test = side.tester(holds);
  return side.kind === 'field'
    ? { ...compiled, field: side.field, test }
    : { ...compiled, count: side.count, test };
}

/** A comparison of which one side is worked out for each resource, or cannot be known. */
function computedComparison(
  { expected: written }: Comparison,
  {
    operator,
    expected,
    side,
  }: { readonly operator: Operator; readonly expected: CompiledValue; readonly side: Side },
): CompiledComparison {
  return {
    kind: 'comparison',
    operator,
    expected: written,
    holds: () => false,
    computed: {
      words: side.words,
      actual: side.read,
      expected: (subject) => valueFor(expected, subject),
    },
    test(subject) {
      const wanted = valueFor(expected, subject);
      return wanted === notKnown ? 'unknown' : side.tester(operator.compile(wanted))(subject);
    },
  };
}

/**
 * The expected value; not known where it is of a form on which Azure's evaluation fails. Azure compares regions
 * without their spaces. Source: learn.microsoft.com, "policy rule, fields".
 */
function expectedOf(
  { operand, expected }: Comparison,
  { kind }: Operator,
  context: ExpressionContext,
): CompiledValue {
  const isRegion = operand.kind === 'field' && operand.path === 'location';
  const isWord = kind === 'equality' || kind === 'membership';
  return withAll([compileValue(expected, context)], ([value = null]) => {
    if (!mayBeExpected(value, kind)) return notKnown;
    return isRegion && isWord ? withoutSpaces(value) : value;
  });
}

function mayBeExpected(value: Json, kind: OperatorKind): boolean {
  if (kind === 'membership')
    return Array.isArray(value) && value.every((item: Json) => comparable(item) !== undefined);
  if (kind === 'presence') return ['true', 'false'].includes(comparable(value) ?? '');
  return comparable(value) !== undefined;
}

function withoutSpaces(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSpaces);
  return typeof value === 'string' ? value.replaceAll(' ', '') : value;
}

function operatorNamed(name: string): Operator {
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined)
    throw new Error(`internal error: the loader let operator ${name} through, which does not exist`);
  return operator;
}
