import { stringify } from 'yaml';
import type { JsonObject } from '../../src/model/json.ts';
import { resourceTypes } from '../../src/resource-types/index.ts';
import type { FieldType } from '../../src/resource-types/resource-type.ts';
import { operators } from '../../src/rules/operators/index.ts';
import { combiners, conditionSchema, subjects } from '../../src/rules/schema/condition-schema.ts';
import { ruleSchema } from '../../src/rules/schema/rule-schema.ts';
import { markdownTable } from './markdown-table.ts';
import { keysOf, schemaAt, takes } from './schema-words.ts';

/** The tables of docs/writing-rules.md by the names of their places in it. */
export function ruleTables(): ReadonlyMap<string, string> {
  return new Map([
    ['rule keys', keyTable(ruleSchema)],
    ['condition keys', conditionTable()],
    ['operators', operatorTable()],
    ['parameter keys', keyTable(ruleProperty('parameters', 'additionalProperties'))],
    ['remediation keys', keyTable(ruleProperty('remediation'))],
    ['example keys', keyTable(ruleProperty('examples'))],
    ...fieldTables(),
  ]);
}

/** Types that have the same fields share a table. */
function fieldTables(): ReadonlyMap<string, string> {
  const typesByTable = new Map<string, readonly string[]>();
  for (const { type, fields } of resourceTypes) {
    const table = fieldTable(fields);
    typesByTable.set(table, [...(typesByTable.get(table) ?? []), type]);
  }
  return new Map(Array.from(typesByTable, ([table, types]) => [`fields of ${types.join(', ')}`, table]));
}

function ruleProperty(...path: readonly string[]): JsonObject {
  return schemaAt(ruleSchema, 'properties', ...path);
}

function keyTable(schema: JsonObject): string {
  const rows = keysOf(schema).map(({ key, required, takes: value, meaning }) => [
    `\`${key}\``,
    required ? 'yes' : '',
    value,
    meaning,
  ]);
  return markdownTable(['key', 'required', 'takes', 'meaning'], rows);
}

function conditionTable(): string {
  const words = new Set<string>([...combiners, ...subjects]);
  const rows = keysOf(conditionSchema)
    .filter(({ key }) => words.has(key))
    .map(({ key, takes: value, meaning }) => [`\`${key}\``, value, meaning]);
  return markdownTable(['key', 'takes', 'meaning'], rows);
}

function operatorTable(): string {
  const rows = Object.entries(operators).map(([name, { operand, note, example }]) => [
    `\`${name}\``,
    takes(operand),
    note,
    `\`${inFlowStyle(example)}\``,
  ]);
  return markdownTable(['operator', 'takes', 'holds when', 'example'], rows);
}

function inFlowStyle(example: JsonObject): string {
  return stringify(example, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim();
}

function fieldTable(fields: Readonly<Record<string, FieldType>>): string {
  const rows = Object.entries(fields).map(([path, type]) => [`\`${path}\``, holds(type)]);
  return markdownTable(['field', 'holds'], rows);
}

function holds(type: FieldType): string {
  if (typeof type !== 'string') return `text: ${type.map((word) => `\`${word}\``).join(', ')}`;
  return takes({ type });
}
