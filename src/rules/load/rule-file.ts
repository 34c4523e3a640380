import { type ControlMapping, type MappedBy, mappingSources } from '../../model/control.ts';
import { groupsBy } from '../../model/groups-by.ts';
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
  readonly controls?: Readonly<Record<string, MappedControls>>;
  readonly azurePolicies?: readonly string[];
  readonly references?: readonly string[];
  readonly examples?: Partial<Examples>;
}

/** The controls of a framework that a rule serves: by the judgement of its author, or by each of those who say so. */
type MappedControls =
  | readonly WrittenControl[]
  | Readonly<Partial<Record<MappedBy, readonly WrittenControl[]>>>;

/** The id of a control, or more of it. */
type WrittenControl = string | { readonly id: string; readonly title?: string };

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

/** A control that several map is by the first of those who say so: that is said in a fixed order. */
function controlsOf(written: NonNullable<RuleFile['controls']>): Pick<Rule, 'controls' | 'controlMappings'> {
  const mappings = Object.entries(written).map(([framework, mapped]) => {
    const bySource = isList(mapped) ? { author: mapped } : mapped;
    const all = mappingSources.flatMap((mappedBy) =>
      (bySource[mappedBy] ?? []).map((one): ControlMapping => {
        const { id, title } = typeof one === 'string' ? { id: one } : one;
        return title === undefined
          ? { framework, control: id, mappedBy }
          : { framework, control: id, title: title.trim(), mappedBy };
      }),
    );
    return [framework, groupsBy(all, ({ control }) => control).map(([first]) => first)] as const;
  });
  const ids = mappings.map(([framework, all]) => [framework, all.map(({ control }) => control)]);
  return {
    controls: Object.fromEntries(ids),
    ...(ids.length === 0 ? {} : { controlMappings: mappings.flatMap(([, all]) => all) }),
  };
}

function isList(mapped: MappedControls): mapped is readonly WrittenControl[] {
  return Array.isArray(mapped);
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
