import type { Evidence } from '../model/evidence.ts';
import type { Compliance } from '../model/finding.ts';
import type { Resource } from '../model/resource.ts';
import type { Rule } from '../model/rule.ts';
import { compileCondition } from './condition/compile.ts';
import type { Compiled } from './condition/compiled.ts';
import type { Subject } from './condition/field.ts';
import type { ParameterValues } from './condition/template.ts';
import { explain } from './evidence.ts';

/** A rule made ready to judge: its parameters resolved, its conditions compiled. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The values of its parameters in force. */
  readonly parameters: ParameterValues;
  readonly when?: Compiled;
  readonly require: Compiled;
  /** True when the rule is about resources of this type. */
  readonly appliesTo: (type: string) => boolean;
}

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
export function evidenceFor(rule: CompiledRule, resource: Resource): readonly Evidence[] {
  const subject = subjectOf(resource);
  const { unset } = rule.rule;
  const undecided = rule.when !== undefined && rule.when.test(subject) === 'unknown';
  return explain(undecided ? rule.when : rule.require, subject, unset);
}

function subjectOf(resource: Resource): Subject {
  return { body: resource.body, gaps: resource.gaps, elements: [] };
}
