import { nearest } from '../documents/suggestions.ts';
import { named, shown } from '../documents/value-wording.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { Comparison, Condition } from '../model/rule.ts';
import { operators } from '../rules/operators/index.ts';
import { checkText } from './check-expression.ts';
import type { ConditionReader, CountAround } from './condition-reader.ts';
import { type PolicyEntry, isObjectEntry, itemsOf, membersOf, type ObjectEntry, entryAt } from './entries.ts';

const combiners = ['allOf', 'anyOf', 'not'] as const;
const subjects = ['field', 'value', 'count'] as const;

/** The words of conditions by their lower case. */
const words: ReadonlyMap<string, string> = new Map(
  [...combiners, ...subjects, ...Object.keys(operators)].map((word) => [word.toLowerCase(), word]),
);

/** Reads a condition; nothing where it is wrong, which the reader is told. Fields keep the names that are written. */
export function readCondition(
  entry: PolicyEntry,
  counts: readonly CountAround[],
  reader: ConditionReader,
): readonly Condition[] {
  if (!isObjectEntry(entry)) {
    reader.mistake(entry.path, `${named(entry.path)} takes a condition, not ${shown(entry.value)}`);
    return [];
  }
  const keys = wordsOf(entry, reader);
  const combiner = keys.find(({ word }) => isOneOf(combiners, word));
  const other = keys.find((key) => key !== combiner);
  if (combiner === undefined) return readComparison(entry, { keys, counts, reader });
  if (other !== undefined) {
    reader.mistake(other.path, `"${combiner.key}" must stand alone; "${other.key}" is beside it`, 'key');
    return [];
  }
  if (combiner.word === 'not')
    return readCondition(combiner, counts, reader).map((condition) => ({ kind: 'not', condition }));
  const items = itemsOf(combiner);
  if (items.length === 0) {
    reader.mistake(
      combiner.path,
      `"${combiner.key}" takes a list of conditions, not ${listShown(combiner.value)}`,
    );
    return [];
  }
  const conditions = items.flatMap((item) => readCondition(item, counts, reader));
  return [{ kind: combiner.word === 'allOf' ? 'allOf' : 'anyOf', conditions }];
}

function listShown(value: Json): string {
  return Array.isArray(value) ? 'an empty one' : shown(value);
}

function wordsOf(entry: ObjectEntry, reader: ConditionReader): readonly WordEntry[] {
  return membersOf(entry).flatMap((member): readonly WordEntry[] => {
    const word = words.get(member.key.toLowerCase());
    if (word !== undefined) return [{ ...member, word }];
    if (member.key.toLowerCase() === 'source')
      reader.mistake(
        member.path,
        '"source" is no longer part of Azure Policy; compare the field type',
        'key',
      );
    else {
      const near = nearest(member.key, words.values());
      const hint = near === undefined ? '' : `. Did you mean ${near}?`;
      reader.mistake(member.path, `"${member.key}" is no word of a condition${hint}`, 'key');
    }
    return [{ ...member, word: '' }];
  });
}

function isOneOf(list: readonly string[], word: string): boolean {
  return list.includes(word);
}

interface ComparisonParts extends ConditionSurroundings {
  readonly keys: readonly WordEntry[];
}

function readComparison(entry: ObjectEntry, parts: ComparisonParts): readonly Condition[] {
  const { keys, reader } = parts;
  if (keys.some(({ word }) => word === '')) return [];
  const compared = keys.filter(({ word }) => isOneOf(subjects, word));
  const used = keys.filter(({ word }) => Object.hasOwn(operators, word));
  const [subject, second] = compared;
  const [operator, another] = used;
  const place = entry.path;
  if (subject === undefined || operator === undefined) {
    const lacks = subject === undefined ? 'field, value or count' : 'an operator, such as equals or exists';
    const what = keys.length === 0 ? 'the condition is empty' : `the condition lacks ${lacks}`;
    reader.mistake(place, what);
    return [];
  }
  const extra = second ?? another;
  if (extra !== undefined) {
    const kept = extra === second ? subject.key : operator.key;
    reader.mistake(extra.path, `"${kept}" and "${extra.key}" exclude each other in one condition`, 'key');
    return [];
  }
  checkExpected(operator, operators[operator.word]?.kind === 'membership', parts);
  const operand = readOperand(subject, parts);
  return operand === undefined
    ? []
    : [{ kind: 'comparison', operand, operator: operator.word, expected: operator.value }];
}

function readOperand(subject: WordEntry, parts: ComparisonParts): Comparison['operand'] | undefined {
  const { value, path, key } = subject;
  const { counts, reader } = parts;
  if (subject.word === 'value') {
    if (typeof value === 'string') checkText(value, { path, counts }, reader);
    // Azure knows the type by either name, and what a definition is about is found by the field.
    if (typeof value === 'string' && /^\[\s*field\(\s*'type'\s*\)\s*\]$/iu.test(value))
      return { kind: 'field', path: 'type' };
    return { kind: 'value', value };
  }
  if (subject.word === 'count') return readCount(subject, parts);
  if (typeof value !== 'string' || value.trim() === '') {
    reader.mistake(path, `"${key}" takes the name of a field, not ${shown(value)}`);
    return undefined;
  }
  return { kind: 'field', path: fieldName(value, subject, parts) };
}

/** The name that is written; one of Azure's own in its own letter case. */
function fieldName(written: string, { path }: PolicyEntry, { counts, reader }: ComparisonParts): string {
  if (written.startsWith('[') && written.endsWith(']')) {
    checkText(written, { path, counts }, reader);
    return written;
  }
  reader.readsField(written, path);
  return written.toLowerCase() === 'type' ? 'type' : written;
}

/** Reads a `count`. `undefined` where it counts nothing. */
function readCount(count: WordEntry, parts: ConditionSurroundings): Comparison['operand'] | undefined {
  const { counts, reader } = parts;
  if (!isJsonObject(count.value)) {
    reader.mistake(count.path, `"${count.key}" takes an object, not ${shown(count.value)}`);
    return undefined;
  }
  for (const { key, path } of membersOf(count))
    if (!countKeys.has(key.toLowerCase()))
      reader.mistake(path, `"${key}" is no part of a count; it has field or value, name and where`, 'key');
  const [field, value, where] = [entryAt(count, 'field'), entryAt(count, 'value'), entryAt(count, 'where')];
  if ((field === undefined) === (value === undefined)) {
    reader.mistake(count.path, 'a count has either field or value');
    return undefined;
  }
  const around = value === undefined ? countedField(field, parts) : countedValue(count, value, parts);
  const inside = where === undefined ? [] : readCondition(where, [...counts, around], reader);
  const [condition] = inside;
  const rest = condition === undefined ? {} : { where: condition };
  return value === undefined
    ? { kind: 'count', field: around.name, ...rest }
    : { kind: 'valueCount', value: value.value, name: around.name, ...rest };
}

const countKeys: ReadonlySet<string> = new Set(['field', 'value', 'name', 'where']);

function countedField(field: PolicyEntry | undefined, { reader }: ConditionSurroundings): CountAround {
  const name = typeof field?.value === 'string' ? field.value : '';
  if (field !== undefined) {
    if (!name.includes('[*]') || name.startsWith('['))
      reader.mistake(field.path, `a count needs an alias with [*], not ${shown(field.value)}`);
    else reader.readsField(name, field.path);
  }
  return { kind: 'field', name };
}

function countedValue(
  count: PolicyEntry,
  list: PolicyEntry,
  { counts, reader }: ConditionSurroundings,
): CountAround {
  const { value, path } = list;
  if (typeof value === 'string' && value.startsWith('[')) checkText(value, { path, counts }, reader);
  else if (!Array.isArray(value))
    reader.mistake(path, `a count takes a list, or an expression for one, not ${shown(value)}`);
  const name = entryAt(count, 'name');
  if (name === undefined && counts.length > 0)
    reader.mistake(count.path, 'a count inside another needs a name, for current() to say which is meant');
  if (name !== undefined && (typeof name.value !== 'string' || !/^[A-Za-z0-9]+$/u.test(name.value)))
    reader.mistake(name.path, `the name of a count is made of letters and digits, not ${shown(name.value)}`);
  const written = typeof name?.value === 'string' ? name.value : 'default';
  if (counts.some((one) => one.kind === 'value' && one.name.toLowerCase() === written.toLowerCase()))
    reader.mistake(name?.path ?? count.path, `a count around this one is called "${written}" already`);
  return { kind: 'value', name: written };
}

/** A member of a condition, and the word that its key is. */
interface WordEntry extends PolicyEntry {
  readonly key: string;
  readonly word: string;
}

/** The counts around a condition, and who is told what is found in it. */
interface ConditionSurroundings {
  readonly counts: readonly CountAround[];
  readonly reader: ConditionReader;
}

/** Checks what a subject is compared with. */
function checkExpected(
  { word, key, value, path }: WordEntry,
  isList: boolean,
  { counts, reader }: ConditionSurroundings,
): void {
  if (typeof value === 'string') {
    if (isList && !value.startsWith('['))
      return reader.mistake(path, `"${key}" takes a list, or an expression for one, not ${shown(value)}`);
    if (word === 'exists' && !/^(?:true|false|\[.*\])$/iu.test(value))
      return reader.mistake(path, `"${key}" takes true or false, not ${shown(value)}`);
    return checkText(value, { path, counts }, reader);
  }
  if (Array.isArray(value) && isList) {
    for (const item of itemsOf({ value, path })) {
      if (typeof item.value === 'string') checkText(item.value, { path: item.path, counts }, reader);
      else if (typeof item.value === 'object')
        reader.mistake(item.path, `${named(item.path)} must be text, a number or a boolean`);
    }
    return;
  }
  if (isList) return reader.mistake(path, `"${key}" takes a list, not ${shown(value)}`);
  if (Array.isArray(value))
    return reader.mistake(path, `"${key}" takes one value, not a list; for several, use in or notIn`);
  if (typeof value === 'object' || (word === 'exists' && typeof value !== 'boolean'))
    reader.mistake(
      path,
      `"${key}" takes ${word === 'exists' ? 'true or false' : 'one value'}, not ${shown(value)}`,
    );
}
