import type { Mistake } from '../documents/document.ts';
import { nearest } from '../documents/suggestions.ts';
import type { Condition, PolicyOrigin, Rule } from '../model/rule.ts';
import { knownType } from '../resource-types/known-type.ts';
import { checkFields, policyTypes, typesAbout, typesNamed, withoutType, withPaths } from './narrow.ts';
import type { Definition } from './read-definition.ts';
import type { Membership } from './read-initiative.ts';

/** The rule of a definition, or what is wrong with it. */
export type RuleOfDefinition =
  | { readonly kind: 'rule'; readonly rule: Rule }
  /** It is about other resources than vaults and managed HSMs: `types`, as written. */
  | { readonly kind: 'elsewhere'; readonly types: readonly string[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/** Makes a rule of a definition, on its own or as a member of an initiative. */
export function ruleOfDefinition(definition: Definition, membership?: Membership): RuleOfDefinition {
  const { condition, reasons, mistakes, fields, entry } = definition;
  const [reason] = reasons;
  const types = condition === undefined ? policyTypes : typesAbout(condition);
  const named = [...new Set(condition === undefined ? [] : typesNamed(condition))];
  if (reason !== undefined) {
    if (types.length === 0 && !named.some(isOfVaults)) return { kind: 'elsewhere', types: named };
    const shownTypes = types.length > 0 ? types : named.filter(isOfVaults);
    return { kind: 'rule', rule: ruleOf(definition, { types: shownTypes, reason, membership }) };
  }
  if (types.length === 0) {
    const misspelt = named.flatMap((type) => misspeltType(type) ?? []);
    if (misspelt.length === 0) return { kind: 'elsewhere', types: named };
    return { kind: 'mistakes', mistakes: [{ path: [...entry.path], message: misspelt.join('; ') }] };
  }
  const wrong = [...mistakes, ...checkFields(fields, types)];
  if (condition === undefined || wrong.length > 0) return { kind: 'mistakes', mistakes: wrong };
  return { kind: 'rule', rule: ruleOf(definition, { types, condition, membership }) };
}

function isOfVaults(type: string): boolean {
  return /^microsoft\.(?:keyvault|managedhsm)\b/iu.test(type);
}

function misspeltType(written: string): string | undefined {
  const near = nearest(written, policyTypes);
  return near === undefined || Math.abs(near.length - written.length) > 2
    ? undefined
    : `there is no resource type ${written}. Did you mean ${near}?`;
}

interface RuleParts {
  readonly types: readonly string[];
  readonly condition?: Condition;
  readonly reason?: string | undefined;
  readonly membership: Membership | undefined;
}

/** A rule that cannot be evaluated holds nothing that could be judged. */
const never: Condition = {
  kind: 'comparison',
  operand: { kind: 'value', value: false },
  operator: 'equals',
  expected: true,
};

function ruleOf(definition: Definition, { types, condition, reason, membership }: RuleParts): Rule {
  const { id, name, title, description, severity, references, document, entry, parameters } = definition;
  return {
    id: membership?.id ?? id,
    name,
    title,
    description,
    severity,
    resourceTypes: types.map((type) => knownType(type)?.type ?? type),
    ...(condition === undefined ? { require: never } : policyParts(conditionOn(condition, types))),
    parameters: membership?.parameters ?? parameters,
    unset: {},
    controls: membership?.controls ?? {},
    references,
    examples: { pass: [], fail: [], notApplicable: [], unknown: [] },
    location: document.locate(entry.path),
    builtIn: false,
    policy: originOf(definition, { reason, membership }),
  };
}

function originOf(
  { definitionId, version, category, effect }: Definition,
  { reason, membership }: Pick<RuleParts, 'reason' | 'membership'>,
): PolicyOrigin {
  return {
    ...(definitionId === undefined ? {} : { definitionId }),
    ...(version === undefined ? {} : { version }),
    ...(category === undefined ? {} : { category }),
    ...(membership === undefined ? {} : { initiative: membership.initiative, passed: membership.passed }),
    effect,
    ...(reason === undefined ? {} : { notEvaluated: reason }),
  };
}

/** The `if` for resources of these types; what is true of all of them stays as it is written, to be shown as evidence. */
function conditionOn(condition: Condition, types: readonly string[]): Condition {
  const rest = withoutType(condition, types);
  return withPaths(typeof rest === 'boolean' ? condition : rest, types);
}

/** The two parts of an `if`: which resources it is about, and what must not be true of them. */
interface PolicyParts {
  readonly when?: Condition;
  readonly require: Condition;
}

/**
 * Parts an `if`, which says what does not comply. Azure takes a resource for not applicable by its type, name and kind, and a
 * vault that is being recovered for compliant; neither is a finding, and both are `when` here.
 * Source: learn.microsoft.com, "Azure Policy applicability logic".
 */
function policyParts(condition: Condition): PolicyParts {
  const all = conjuncts(condition);
  const [scope, rest] = [all.filter(isScope), all.filter((one) => !isScope(one))];
  if (scope.length === 0 || rest.length === 0) return { require: { kind: 'not', condition } };
  return { when: allOf(scope), require: { kind: 'not', condition: allOf(rest) } };
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'allOf' ? condition.conditions.flatMap(conjuncts) : [condition];
}

function allOf(conditions: readonly Condition[]): Condition {
  const [only, ...others] = conditions;
  return only !== undefined && others.length === 0 ? only : { kind: 'allOf', conditions };
}

/** `createMode` belongs to a request: no vault that exists has it. */
const scopePaths: ReadonlySet<string> = new Set(['name', 'properties.createMode']);

function isScope(condition: Condition): boolean {
  if (condition.kind === 'not') return isScope(condition.condition);
  if (condition.kind !== 'comparison') return condition.conditions.every(isScope);
  return condition.operand.kind === 'field' && scopePaths.has(condition.operand.path);
}
