import type { ScopedValues } from '../model/scoped-values.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Compliance } from '../model/finding.ts';
import type { Resource } from '../model/resource.ts';
import type { PolicyOrigin, Rule } from '../model/rule.ts';
import { compileCondition } from './condition/compile-condition.ts';
import type { CompiledRule } from './condition/compiled.ts';
import type { Subject } from './condition/field.ts';
import type { ParameterValues } from './condition/template.ts';
import { compileValue } from './expression/compile.ts';
import type { ExpressionContext } from './expression/context.ts';
import { notKnown } from './expression/value.ts';
import { policyField } from './catalogue/policy-field.ts';
import { knownType } from '../resource-types/known-type.ts';
import { explanationOf } from './evidence.ts';

/** The verdict of a rule before exemptions are applied. */
export type Verdict = Exclude<Compliance, 'exempt'> | 'notApplicable';

/**
 * Compiles a rule with values for its parameters; a parameter without a value takes its default. `byScope` are the values of
 * scopes, which are compiled where they are in force.
 */
export function compileRule(
  rule: Rule,
  given: ParameterValues,
  byScope: readonly ScopedValues[] = [],
): CompiledRule {
  const defaults = Object.entries(rule.parameters).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const parameters: ParameterValues = { ...Object.fromEntries(defaults), ...given };
  const context = contextOf(rule, passedParameters(rule, parameters));
  const types = new Set(rule.resourceTypes.map((type) => type.toLowerCase()));
  const when = rule.when === undefined ? undefined : compileCondition(rule.when, context);
  const require = compileCondition(rule.require, context);
  return {
    rule,
    parameters,
    ...(rule.policy === undefined ? {} : { effect: effectOf(rule.policy, context) }),
    ...(byScope.length === 0 ? {} : { byScope }),
    ...(when === undefined ? {} : { when }),
    require,
    explain: {
      ...(when === undefined ? {} : { when: explanationOf(when, rule.unset) }),
      require: explanationOf(require, rule.unset),
    },
    appliesTo:
      rule.policy?.notEvaluated === undefined ? (type) => types.has(type.toLowerCase()) : () => false,
  };
}

/** The surroundings of the conditions of a rule. */
function contextOf({ resourceTypes: types }: Rule, parameters: ParameterValues): ExpressionContext {
  return {
    parameters,
    counted: [],
    apiVersion: knownType(types[0] ?? '')?.apiVersion,
    pathOf(name) {
      const found = policyField(types, name);
      if ('path' in found) return found.path;
      return 'absent' in found ? undefined : notKnown;
    },
  };
}

function effectOf({ effect }: PolicyOrigin, context: ExpressionContext): string {
  const value = compileValue(effect, context);
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value.toLowerCase() : '';
}

/** The values of the parameters that the conditions of a rule name: its own, or those that an initiative passes. */
function passedParameters(rule: Rule, own: ParameterValues): ParameterValues {
  const { policy } = rule;
  if (policy?.passed === undefined) return own;
  const context = contextOf(rule, own);
  return Object.fromEntries(
    Object.entries(policy.passed).flatMap(([name, template]) => {
      const value = compileValue(template, context);
      return value.kind === 'constant' && typeof value.value !== 'symbol'
        ? [[name, value.value] as const]
        : [];
    }),
  );
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
  const { when, require } = rule.explain;
  const undecided = when !== undefined && rule.when?.test(subject) === 'unknown';
  return undecided ? when(subject) : require(subject);
}

function subjectOf(resource: Resource): Subject {
  return { body: resource.body, gaps: resource.gaps, elements: [] };
}

/** True for a verdict that a report lists. */
export function isReported(
  verdict: Verdict,
  includeCompliant: boolean,
): verdict is Exclude<Verdict, 'notApplicable'> {
  return verdict !== 'notApplicable' && (verdict !== 'compliant' || includeCompliant);
}
