import type { Mistake, UserDocument } from '../documents/document.ts';
import { suggestion } from '../documents/suggestions.ts';
import { shown } from '../documents/value-wording.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { ParameterDefinition, Rule } from '../model/rule.ts';
import { checkText } from './check-expression.ts';
import { conditionReader, type ConditionReader } from './condition-reader.ts';
import {
  type PolicyEntry,
  isObjectEntry,
  itemsOf,
  entryAt,
  membersOf,
  objectIn,
  type ObjectEntry,
  textIn,
} from './entries.ts';
import type { FoundDefinition } from './find-definitions.ts';
import { type PolicyWords, policyWords } from './policy-words.ts';
import { readParameters } from './read-parameters.ts';

/** One definition in an initiative. */
export interface Member {
  readonly entry: ObjectEntry;
  /** The name of the definition in Azure, in lower case. */
  readonly azureName: string;
  readonly referenceId?: string;
  /** The values that are passed: the name of a parameter of the definition, the value, and its place. */
  readonly passed: readonly (PolicyEntry & { readonly name: string })[];
  readonly groups: readonly string[];
}

/** An initiative of Azure Policy as it was read. */
export interface Initiative extends PolicyWords {
  readonly document: UserDocument;
  readonly entry: ObjectEntry;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly members: readonly Member[];
  readonly mistakes: readonly Mistake[];
}

/** Reads one initiative of a document. Never throws. */
export function readInitiative(
  { entry }: Pick<FoundDefinition, 'entry'>,
  document: UserDocument,
  earlier: readonly Mistake[],
): Initiative {
  const body = objectIn(entry, 'properties') ?? entry;
  const { parameters, names, mistakes } = readParameters(body);
  const reader = conditionReader(names);
  const list = entryAt(body, 'policyDefinitions');
  if (list === undefined || !Array.isArray(list.value) || list.value.length === 0)
    reader.mistake((list ?? entry).path, 'the initiative names no definitions under "policyDefinitions"');
  const members = list === undefined ? [] : itemsOf(list).flatMap((item) => readMember(item, reader));
  return {
    ...policyWords(entry, document.file),
    document,
    entry,
    parameters,
    members,
    mistakes: [...earlier, ...mistakes, ...reader.findings().mistakes],
  };
}

function readMember(item: PolicyEntry, reader: ConditionReader): readonly Member[] {
  const id = textIn(item, 'policyDefinitionId');
  if (!isObjectEntry(item) || id === undefined) {
    reader.mistake(item.path, 'a member of an initiative names its definition under "policyDefinitionId"');
    return [];
  }
  const referenceId = textIn(item, 'policyDefinitionReferenceId');
  const groups = entryAt(item, 'groupNames');
  return [
    {
      entry: item,
      azureName: nameIn(id).toLowerCase(),
      ...(referenceId === undefined ? {} : { referenceId }),
      passed: readPassed(item, reader),
      groups: Array.isArray(groups?.value) ? groups.value.filter((one: Json) => typeof one === 'string') : [],
    },
  ];
}

/** Templates write the id as a call whose last text is the name. */
function nameIn(id: string): string {
  const last = id.split('/').at(-1) ?? id;
  return /'([^']+)'[\s)]*\]$/u.exec(last)?.[1] ?? last;
}

function readPassed(item: ObjectEntry, reader: ConditionReader): Member['passed'] {
  const parameters = entryAt(item, 'parameters');
  if (parameters === undefined) return [];
  return membersOf(parameters).flatMap((one): Member['passed'] => {
    const value = isJsonObject(one.value) ? entryAt(one, 'value') : undefined;
    if (value === undefined) {
      reader.mistake(one.path, `"${one.key}" is passed as { "value": … }, not as ${shown(one.value)}`);
      return [];
    }
    for (const text of [value.value].flat())
      if (typeof text === 'string') checkText(text, { path: value.path, counts: [] }, reader);
    return [{ ...value, name: one.key }];
  });
}

/** Finds values that a member is passed for no parameter of it, and those that are missing. */
export function checkPassed(
  { passed, entry }: Member,
  parameters: Readonly<Record<string, ParameterDefinition>>,
): readonly Mistake[] {
  const known = Object.keys(parameters);
  const given = new Set(passed.map(({ name }) => name.toLowerCase()));
  const missing = known.filter(
    (name) => parameters[name]?.default === undefined && !given.has(name.toLowerCase()),
  );
  const lacks = missing.map((name): Mistake => {
    return { path: entry.path, message: `the definition needs a value for "${name}", which has no default` };
  });
  const strange = passed.flatMap(({ name, path }): readonly Mistake[] => {
    if (known.some((one) => one.toLowerCase() === name.toLowerCase())) return [];
    const message = `the definition has no parameter "${name}"${suggestion(name, known)}`;
    return [{ path: path.slice(0, -1), at: 'key', message }];
  });
  return [...lacks, ...strange];
}

/** The part that a definition has in an initiative. */
export interface Membership {
  readonly id: string;
  readonly initiative: string;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Values of the parameters of the definition, over those of the initiative. */
  readonly passed: Readonly<Record<string, Json>>;
  readonly controls: Rule['controls'];
}

/** The part that a definition has as a member of an initiative. */
export function membershipOf(
  { title, parameters }: Initiative,
  { passed, groups }: Member,
  { id, definition }: { readonly id: string; readonly definition: Pick<Membership, 'parameters'> },
): Membership {
  const own = Object.entries(definition.parameters).flatMap(([name, { default: value }]) => {
    const given = passed.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value;
    if (given !== undefined) return [[name, given] as const];
    return value === undefined ? [] : [[name, literal(value)] as const];
  });
  const texts = JSON.stringify(own).toLowerCase();
  const used = Object.entries(parameters).filter(([name]) => texts.includes(`'${name.toLowerCase()}'`));
  return {
    id,
    initiative: title,
    parameters: Object.fromEntries(used),
    passed: Object.fromEntries(own),
    controls: groups.length === 0 ? {} : { [title]: groups },
  };
}

/** A value that is no expression, whatever it begins with. */
function literal(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(item ?? null)]));
}
