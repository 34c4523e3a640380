import type { RuleVerdict } from '../model/apply.ts';
import type { JsonObject } from '../model/json.ts';
import type { InFlight } from '../model/journal.ts';
import type { PlanRule, PlanStep } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import type { Rule } from '../model/rule.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { compileRule, judge } from '../rules/evaluate.ts';
import { mergePatch } from '../rules/merge-patch.ts';
import { sameJson } from './canonical-json.ts';
import { changesFor } from './changes.ts';
import { objectAt, propertiesOf, sameState, stateOf } from './state.ts';

/** A step made ready: its rules compiled. */
export interface ReadyStep {
  readonly step: PlanStep;
  readonly rules: readonly CompiledRule[];
}

/** The relation of a vault to a step. */
export interface Assessment {
  readonly verdicts: readonly RuleVerdict[];
  /** Every rule of the step passes, or no longer applies. */
  readonly passes: boolean;
  /** The vault is as the plan saw it. */
  readonly unchanged: boolean;
}

/** Compiles the rules of a step, as the plan has them. */
export function readyStep(step: PlanStep): ReadyStep {
  return { step, rules: step.rules.map((rule) => compileRule(ruleOf(rule, step), rule.parameters)) };
}

/** Judges a vault by the rules of a step, and compares it with what the plan saw. */
export function assess({ step, rules }: ReadyStep, resource: Resource): Assessment {
  const verdicts = rules.map((rule) => ({ id: rule.rule.id, verdict: judge(rule, resource) }));
  return {
    verdicts,
    passes: verdicts.every(({ verdict }) => verdict === 'compliant' || verdict === 'notApplicable'),
    unchanged: sameState(step.before, stateOf(resource, step.changes)),
  };
}

/** The body to send to a vault that is as the plan saw it: the plan's own, or less for some of its rules. */
export function bodyFor({ step }: ReadyStep, whole: boolean, resource: Resource): JsonObject {
  if (whole) return step.changes;
  return changesFor(
    resource,
    step.rules.map(({ patch }) => patch),
  );
}

/** A rule of a plan as the evaluator wants it; what only reports need is left empty. */
function ruleOf(rule: PlanRule, { vault }: PlanStep): Rule {
  const { id, name, title, severity, require, when } = rule;
  return {
    id,
    name,
    title,
    severity,
    description: '',
    resourceTypes: [vault.type],
    require,
    ...(when === undefined ? {} : { when }),
    parameters: {},
    unset: {},
    controls: {},
    references: [],
    examples: { pass: [], fail: [], notApplicable: [] },
    location: { file: 'plan', line: 1, column: 1 },
    builtIn: false,
  };
}

/** True when the vault has every value that was sent; Azure may have added others beside them. */
export function isInPlace({ body }: Pick<InFlight, 'body'>, resource: Resource): boolean {
  return sameJson(mergePatch(resource.body, body), resource.body);
}

/** True when the vault is as it was before the request, but for what that was to change. */
export function isOtherwiseUnchanged({ before, body }: InFlight, resource: Resource): boolean {
  const sent = new Set(Object.keys(objectAt(body, 'properties')));
  const others = Object.entries(propertiesOf(resource)).filter(([name]) => !sent.has(name));
  const old = Object.entries(before.properties).filter(([name]) => sent.has(name));
  const tags = body['tags'] === undefined ? resource.tags : before.tags;
  const reverted = {
    ...resource,
    body: { ...resource.body, properties: Object.fromEntries([...others, ...old]) },
  };
  const { hash } = stateOf(reverted, {});
  return sameState(before, {
    hash,
    properties: {},
    ...(before.tags === undefined ? {} : { tags: tags ?? {} }),
  });
}
