import { joinWords } from '../model/join-words.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Comparison, Condition, Rule } from '../model/rule.ts';
import { nameInPolicy } from '../rules/catalogue/policy-field.ts';
import { writeCondition } from '../rules/load/rule-file.ts';
import { type ExportedEffect, effectParameter, parametersOf } from './export-parameters.ts';
import { policyTypes } from './narrow.ts';

/** The choices of an export. */
export interface ExportOptions {
  readonly effect: ExportedEffect;
  /** The version of purgeproof, which the metadata names. */
  readonly version: string;
}

/** A rule as a definition of Azure Policy, or why it cannot be one, in sentences. */
export type ExportedRule =
  | { readonly rule: Rule; readonly name: string; readonly definition: JsonObject }
  | { readonly rule: Rule; readonly refusals: readonly string[] };

/** Writes a rule as a definition of Azure Policy: its `if` is what the rule refuses. */
export function exportRule(rule: Rule, options: ExportOptions): ExportedRule {
  const missing = new Set<string>();
  const conditions = rule.resourceTypes.map((type) => violationOf(rule, type, (path) => missing.add(path)));
  const refusals = [
    ...refusalsOf(rule),
    ...(missing.size === 0
      ? []
      : [`It reads ${[...missing].join(', ')}, of which Azure Policy has no alias.`]),
  ];
  if (refusals.length > 0) return { rule, refusals };
  const [only, ...others] = conditions;
  const violation = only !== undefined && others.length === 0 ? only : { anyOf: conditions };
  return { rule, name: policyName(rule), definition: definitionOf(rule, violation, options) };
}

/** The name of the exported definition of a rule. */
function policyName({ id }: Pick<Rule, 'id'>): string {
  return `purgeproof-${id.toLowerCase()}`;
}

function refusalsOf({ resourceTypes, parameters, policy }: Rule): readonly string[] {
  const others = resourceTypes.filter((type) => !policyTypes.includes(type));
  return [
    ...(policy === undefined ? [] : ['It was read from a definition of Azure Policy.']),
    ...(others.length === 0 ? [] : [`It is about ${joinWords(others)}, which Azure Policy does not judge.`]),
    ...(Object.keys(parameters).some((name) => name.toLowerCase() === 'effect')
      ? ['Its parameter effect has the name of the one that every definition has.']
      : []),
  ];
}

/** Of a type: what the rule is about, and does not hold. A vault that is being recovered has not been changed yet. */
function violationOf(rule: Rule, type: string, noName: (path: string) => void): JsonObject {
  const { when, require } = rule;
  return {
    allOf: [
      { field: 'type', equals: type },
      { field: `${type}/createMode`, notEquals: 'recover' },
      ...(when === undefined ? [] : [conditionInPolicy(when, type, noName)]),
      { not: conditionInPolicy(require, type, noName) },
    ],
  };
}

function definitionOf(rule: Rule, violation: JsonObject, { effect, version }: ExportOptions): JsonObject {
  return {
    name: policyName(rule),
    type: 'Microsoft.Authorization/policyDefinitions',
    properties: {
      displayName: `${rule.title} (${rule.id})`.slice(0, 128),
      description: rule.description.slice(0, 512),
      policyType: 'Custom',
      mode: 'Indexed',
      metadata: {
        category: 'Key Vault',
        version: '1.0.0',
        severity: rule.severity,
        purgeproof: { ruleId: rule.id, ruleName: rule.name, version },
      },
      parameters: { effect: effectParameter(effect), ...parametersOf(rule) },
      policyRule: { if: violation, then: { effect: "[parameters('effect')]" } },
    },
  };
}

/** Tells of a field that Azure Policy has no name for. */
type NoName = (path: string) => void;

/** A condition on resources of a type as Azure Policy has it: fields by their aliases. */
function conditionInPolicy(condition: Condition, type: string, noName: NoName): JsonObject {
  return writeCondition(renamed(condition, type, noName));
}

function renamed(condition: Condition, type: string, noName: NoName): Condition {
  if (condition.kind === 'not') return { kind: 'not', condition: renamed(condition.condition, type, noName) };
  if (condition.kind === 'comparison')
    return {
      ...condition,
      operand: renamedOperand(condition.operand, type, noName),
      expected: asText(condition.expected),
    };
  return {
    kind: condition.kind,
    conditions: condition.conditions.map((part) => renamed(part, type, noName)),
  };
}

/** Calls that stand in Azure Policy for fields. */
const functions: Readonly<Record<string, string>> = {
  resourceGroup: '[resourceGroup().name]',
  subscriptionId: '[subscription().subscriptionId]',
};

function renamedOperand(operand: Comparison['operand'], type: string, noName: NoName): Comparison['operand'] {
  const nameOf = (path: string): string => {
    const name = nameInPolicy(type, path);
    if (name === undefined) noName(path);
    return name ?? path;
  };
  if (operand.kind === 'value') return { kind: 'value', value: asExpression(asText(operand.value)) };
  if (operand.kind === 'field') {
    const called = functions[operand.path];
    return called === undefined
      ? { kind: 'field', path: nameOf(operand.path) }
      : { kind: 'value', value: called };
  }
  const where = operand.where === undefined ? {} : { where: renamed(operand.where, type, noName) };
  return operand.kind === 'count'
    ? { kind: 'count', field: nameOf(operand.field), ...where }
    : { ...operand, ...where };
}

/** The schema of Azure Policy wants text for a boolean; both compare alike. */
function asText(value: Json): Json {
  return typeof value === 'boolean' ? String(value) : value;
}

/** The schema takes text alone for a value that is compared: a number is worked out from one. */
function asExpression(value: Json): string {
  return typeof value === 'string' ? value : `[json('${JSON.stringify(value).replaceAll("'", "''")}')]`;
}

/** The choices of an exported initiative. */
export interface InitiativeOptions extends ExportOptions {
  /** The place of the definitions: `/subscriptions/…` or `/providers/Microsoft.Management/managementGroups/…`. */
  readonly scope: string;
}

/** Writes rules as one initiative; its parameters are those of the rules, each named after its rule. */
export function exportInitiative(
  rules: readonly Rule[],
  { effect, scope, version }: InitiativeOptions,
): JsonObject {
  return {
    name: 'purgeproof',
    type: 'Microsoft.Authorization/policySetDefinitions',
    properties: {
      displayName: 'Key vaults are purge-proof (purgeproof)',
      description: 'Soft delete, purge protection, retention and what surrounds them.',
      policyType: 'Custom',
      metadata: { category: 'Key Vault', version: '1.0.0', purgeproof: { version } },
      parameters: {
        effect: effectParameter(effect),
        ...Object.fromEntries(rules.flatMap((rule) => renamedParameters(rule))),
      },
      policyDefinitions: rules.map((rule) => entryAt(rule, scope)),
      policyDefinitionGroups: groupsOf(rules),
    },
  };
}

/** The name of a parameter of a rule in an initiative: two rules may have parameters of one name. */
function nameIn({ id }: Rule, name: string): string {
  return `${id}_${name}`;
}

function renamedParameters(rule: Rule): readonly (readonly [string, JsonObject[string]])[] {
  return Object.entries(parametersOf(rule)).map(([name, value]) => [nameIn(rule, name), value]);
}

function entryAt(rule: Rule, scope: string): JsonObject {
  const passed = Object.keys(rule.parameters).map((name) => {
    return [name, { value: `[parameters('${nameIn(rule, name)}')]` }] as const;
  });
  return {
    policyDefinitionId: `${scope}/providers/Microsoft.Authorization/policyDefinitions/${policyName(rule)}`,
    policyDefinitionReferenceId: rule.id,
    parameters: { effect: { value: "[parameters('effect')]" }, ...Object.fromEntries(passed) },
    groupNames: groupNames(rule),
  };
}

/** Controls as groups: `CIS-Azure-6.0_8.3.5`. */
function groupNames({ controls }: Rule): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}_${id}`));
}

function groupsOf(rules: readonly Rule[]): readonly JsonObject[] {
  return [...new Set(rules.flatMap(groupNames))].toSorted().map((name) => ({ name }));
}
