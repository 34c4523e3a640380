import type { Comparison, Condition, Count } from '../../model/condition.ts';
import { operators } from '../operators/index.ts';
import type { Holds, Operator } from '../operators/operator.ts';
import type { Compiled, CompiledComparison, CompiledCount, Test } from './compiled.ts';
import { countTruth } from './count.ts';
import { compileField, type Field } from './field.ts';
import { type ParameterValues, resolveTemplate } from './template.ts';
import { every, not, some } from './truth.ts';

/** The surroundings of a condition: the parameters in force, and the `count` fields around it, outermost first. */
export interface CompileContext {
  readonly parameters: ParameterValues;
  readonly counted: readonly string[];
}

/** Turns a condition into closures; parameters are resolved once, here. */
export function compileCondition(condition: Condition, context: CompileContext): Compiled {
  if (condition.kind === 'comparison') return compileComparison(condition, context);
  if (condition.kind === 'not') {
    const part = compileCondition(condition.condition, context);
    return { kind: 'not', part, test: (subject) => not(part.test(subject)) };
  }
  const parts = condition.conditions.map((part) => compileCondition(part, context));
  const combine = condition.kind === 'allOf' ? every : some;
  return { kind: condition.kind, parts, test: (subject) => combine(parts, (part) => part.test(subject)) };
}

function compileComparison(comparison: Comparison, context: CompileContext): CompiledComparison {
  const { operand } = comparison;
  const expected = resolveTemplate(comparison.expected, context.parameters);
  const operator = operatorNamed(comparison.operator);
  const holds = operator.compile(expected);
  const compiled = { kind: 'comparison', operator, expected, holds } as const;
  if (operand.kind === 'value') {
    const truth = holds(resolveTemplate(operand.value, context.parameters));
    return { ...compiled, test: () => truth };
  }
  if (operand.kind === 'count') {
    const count = compileCount(operand, context);
    return { ...compiled, count, test: (subject) => countTruth(count, subject, holds) };
  }
  const field = compileField(operand.path, context.counted);
  return { ...compiled, field, test: fieldTest(field, holds) };
}

function compileCount(count: Count, context: CompileContext): CompiledCount {
  const field = compileField(count.field, context.counted);
  if (count.where === undefined) return { field };
  const inner = { ...context, counted: [...context.counted, count.field] };
  return { field, where: compileCondition(count.where, inner) };
}

function fieldTest(field: Field, holds: Holds): Test {
  if (field.collection) {
    return (subject) => (field.isUnknown(subject) ? 'unknown' : field.readAll(subject).every(holds));
  }
  return (subject) => (field.isUnknown(subject) ? 'unknown' : holds(field.read(subject)));
}

function operatorNamed(name: string): Operator {
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined)
    throw new Error(`operator ${name} reached the compiler, which the loader refuses`);
  return operator;
}
