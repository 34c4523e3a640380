import { controlId, type MappedControls, mappingSources, type NamedControl } from '../../model/control.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type {
  Comparison,
  Condition,
  Examples,
  ParameterDefinition,
  Remediation,
  Rule,
} from '../../model/rule.ts';
import type { Severity } from '../../model/severity.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { UserDocument } from '../../documents/document.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';

/** A rule file as the schema accepts it. */
interface RuleFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly resourceType: string | readonly string[];
  readonly description: string;
  readonly when?: JsonObject;
  readonly require: JsonObject;
  readonly parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly unset?: Readonly<Record<string, string>>;
  readonly remediation?: Remediation;
  /** A list is the judgement of the author. */
  readonly controls?: Readonly<Record<string, readonly NamedControl[] | MappedControls>>;
  readonly azurePolicies?: readonly string[];
  readonly references?: readonly string[];
  readonly examples?: Partial<Examples>;
}

/** Reads a rule from a document that the schema has accepted. */
export function toRule(document: UserDocument, builtIn: boolean): Rule {
  const file = document.value;
  if (!isRuleFile(file))
    throw new Error(`internal error: the schema let ${document.file} through, which is not a rule`);
  const types = [file.resourceType].flat().map((type) => knownType(type)?.type ?? type);
  const { pass = [], fail = [], notApplicable = [], unknown = [] } = file.examples ?? {};
  return {
    id: file.id,
    name: file.name,
    title: file.title.trim(),
    description: file.description.trim(),
    severity: file.severity,
    resourceTypes: types,
    ...(file.when === undefined ? {} : { when: toCondition(file.when, types) }),
    require: toCondition(file.require, types),
    parameters: file.parameters ?? {},
    unset: Object.fromEntries(
      Object.entries(file.unset ?? {}).map(([field, words]) => [pathOf(field, types), words]),
    ),
    ...(file.remediation === undefined ? {} : { remediation: trimmed(file.remediation) }),
    ...controlsOf(file.controls ?? {}),
    ...(file.azurePolicies === undefined ? {} : { azurePolicies: file.azurePolicies }),
    references: file.references ?? [],
    examples: { pass, fail, notApplicable, unknown },
    location: document.locate(['id']),
    builtIn,
  };
}

function controlsOf(written: NonNullable<RuleFile['controls']>): Pick<Rule, 'controls' | 'controlMappings'> {
  const mapped = Object.entries(written).map(
    ([framework, one]) => [framework, isList(one) ? { author: one } : one] as const,
  );
  const ids = mapped.map(([framework, bySource]) => {
    const named = mappingSources.flatMap((source) => bySource[source] ?? []);
    return [framework, [...new Set(named.map(controlId))]] as const;
  });
  const controlMappings: Rule['controlMappings'] = Object.fromEntries(mapped);
  return { controls: Object.fromEntries(ids), ...(mapped.length === 0 ? {} : { controlMappings }) };
}

function isList(written: readonly NamedControl[] | MappedControls): written is readonly NamedControl[] {
  return Array.isArray(written);
}

/** The schema has said that it is one, key by key; for built-in files the gate did. This is the last line of defence. */
function isRuleFile(value: Json): value is RuleFile & JsonObject {
  return isJsonObject(value) && required.every((key) => value[key] !== undefined);
}

const required = ['id', 'name', 'title', 'severity', 'resourceType', 'description', 'require'];

function trimmed(remediation: Remediation): Remediation {
  const { manual } = remediation;
  return manual === undefined ? remediation : { ...remediation, manual: manual.trim() };
}

/** Reads a condition that the schema has accepted; fields come out under their canonical paths. */
function toCondition(raw: Json | undefined, resourceTypes: readonly string[]): Condition {
  if (!isJsonObject(raw))
    throw new Error('internal error: the schema let a condition through that is not an object');
  const { allOf, anyOf, not } = raw;
  if (Array.isArray(allOf)) return { kind: 'allOf', conditions: toConditions(allOf, resourceTypes) };
  if (Array.isArray(anyOf)) return { kind: 'anyOf', conditions: toConditions(anyOf, resourceTypes) };
  if (not !== undefined) return { kind: 'not', condition: toCondition(not, resourceTypes) };
  const { field, value, count, ...rest } = raw;
  const [operator = '', expected = null] = Object.entries(rest)[0] ?? [];
  return {
    kind: 'comparison',
    operand: toOperand({ field, value, count }, resourceTypes),
    operator,
    expected,
  };
}

function toConditions(items: readonly Json[], resourceTypes: readonly string[]): readonly Condition[] {
  return items.map((item) => toCondition(item, resourceTypes));
}

function toOperand(
  { field, value, count }: JsonObject,
  resourceTypes: readonly string[],
): Comparison['operand'] {
  if (typeof field === 'string') return { kind: 'field', path: pathOf(field, resourceTypes) };
  if (!isJsonObject(count)) return { kind: 'value', value: value ?? null };
  const { field: array, where } = count;
  return {
    kind: 'count',
    field: pathOf(typeof array === 'string' ? array : '', resourceTypes),
    ...(where === undefined ? {} : { where: toCondition(where, resourceTypes) }),
  };
}

/** A condition as a rule file has it, its fields under their canonical paths: `toCondition` the other way round. */
export function writeCondition(condition: Condition): JsonObject {
  if (condition.kind === 'not') return { not: writeCondition(condition.condition) };
  if (condition.kind !== 'comparison')
    return { [condition.kind]: condition.conditions.map((one) => writeCondition(one)) };
  const { operand, operator, expected } = condition;
  return { ...writeOperand(operand), [operator]: expected };
}

function writeOperand(operand: Comparison['operand']): JsonObject {
  if (operand.kind === 'field') return { field: operand.path };
  if (operand.kind === 'value') return { value: operand.value };
  const where = operand.where === undefined ? {} : { where: writeCondition(operand.where) };
  if (operand.kind === 'count') return { count: { field: operand.field, ...where } };
  return { count: { value: operand.value, name: operand.name, ...where } };
}

/** The canonical path of a field; a name that is not known stays as it is. */
function pathOf(written: string, resourceTypes: readonly string[]): string {
  const found = canonicalField(resourceTypes, written);
  return 'path' in found ? found.path : written;
}
