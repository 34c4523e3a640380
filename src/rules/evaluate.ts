import type { Evidence } from '../model/evidence.ts';
import type { Compliance } from '../model/finding.ts';
import type { Resource } from '../model/resource.ts';
import type { Comparison, Condition, Count, Rule } from '../model/rule.ts';
import {
  type Compiled,
  type CompiledComparison,
  type CompiledCount,
  type CompiledRule,
  countTruth,
  type Test,
} from './condition/compiled.ts';
import { compileField, type Field, type Subject } from './condition/field.ts';
import { type ParameterValues, resolveTemplate } from './condition/template.ts';
import { explain } from './evidence.ts';
import { operators } from './operators/index.ts';
import type { Holds, Operator } from './operators/operator.ts';
import { every, not, some } from './condition/truth.ts';

/** The verdict of a rule before exemptions are applied. */
export type Verdict = Exclude<Compliance, 'exempt'> | 'notApplicable';

/** Compiles a rule with values for its parameters; a parameter without a value takes its default. */
export function compileRule(rule: Rule, given: ParameterValues): CompiledRule {
  const defaults = Object.entries(rule.parameters).map(([name, definition]) => [name, definition.default]);
  const parameters: ParameterValues = { ...Object.fromEntries(defaults), ...given };
  const context = { parameters, counted: [] };
  const types = new Set(rule.resourceTypes.map((type) => type.toLowerCase()));
  return {
    rule,
    parameters,
    ...(rule.when === undefined ? {} : { when: compileCondition(rule.when, context) }),
    require: compileCondition(rule.require, context),
    appliesTo: (type) => types.has(type.toLowerCase()),
  };
}

/** Judges one resource of a type that the rule is about. `unknown` only where what could not be read decides. */
export function judge(rule: CompiledRule, resource: Resource): Verdict {
  const subject = subjectOf(resource);
  const applies = rule.when?.test(subject) ?? true;
  if (applies !== true) return applies === false ? 'notApplicable' : 'unknown';
  const holds = rule.require.test(subject);
  if (holds === 'unknown') return 'unknown';
  return holds ? 'compliant' : 'nonCompliant';
}

/** The facts behind a verdict of `judge`, in the order of the rule's text. */
export function decisiveEvidence(rule: CompiledRule, resource: Resource): readonly Evidence[] {
  const subject = subjectOf(resource);
  const { unset } = rule.rule;
  const undecided = rule.when !== undefined && rule.when.test(subject) === 'unknown';
  return explain(undecided ? rule.when : rule.require, subject, unset);
}

function subjectOf(resource: Resource): Subject {
  return { body: resource.body, gaps: resource.gaps, elements: [] };
}

/** The surroundings of a condition: the parameters in force, and the `count` fields around it, outermost first. */
interface CompileContext {
  readonly parameters: ParameterValues;
  readonly counted: readonly string[];
}

/** Turns a condition into closures; parameters are resolved once, here. */
function compileCondition(condition: Condition, context: CompileContext): Compiled {
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
    throw new Error(`internal error: the loader let operator ${name} through, which does not exist`);
  return operator;
}
