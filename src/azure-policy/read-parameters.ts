import type { Mistake } from '../documents/document.ts';
import { didYouMean } from '../documents/suggestions.ts';
import { named, shown } from '../documents/value-wording.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { ParameterDefinition } from '../model/rule.ts';
import { checkParameter, parseParameter } from '../rules/parameters.ts';
import { type PolicyEntry, isObjectEntry, entryAt, membersOf, objectIn, textIn } from './entries.ts';

/** The parameters of a definition by name, and what is wrong with them. */
export interface ReadParameters {
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** The names of all, also of those that are wrong. */
  readonly names: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** The types of Azure Policy in lower case. */
const types: ReadonlyMap<string, ParameterDefinition['type']> = new Map([
  ['string', 'string'],
  ['array', 'array'],
  ['object', 'object'],
  ['boolean', 'boolean'],
  ['integer', 'integer'],
  ['float', 'number'],
  ['datetime', 'string'],
]);

/** Reads `parameters` of a definition or an initiative. */
export function readParameters(body: PolicyEntry): ReadParameters {
  const entry = entryAt(body, 'parameters');
  if (entry === undefined || entry.value === null) return { parameters: {}, names: [], mistakes: [] };
  if (!isObjectEntry(entry))
    return {
      parameters: {},
      names: [],
      mistakes: [{ path: entry.path, message: `"parameters" takes an object, not ${shown(entry.value)}` }],
    };
  const read = membersOf(entry).map(readParameter);
  return {
    parameters: Object.fromEntries(
      read.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition]])),
    ),
    names: read.map(({ name }) => name),
    mistakes: read.flatMap(({ mistakes }) => mistakes),
  };
}

interface ReadParameter {
  readonly name: string;
  readonly definition?: ParameterDefinition;
  readonly mistakes: readonly Mistake[];
}

function readParameter(entry: PolicyEntry & { readonly key: string }): ReadParameter {
  const { key, path, value } = entry;
  const name = key;
  if (!isJsonObject(value))
    return {
      name,
      mistakes: [{ path, message: `the parameter "${key}" takes an object, not ${shown(value)}` }],
    };
  const written = entryAt(entry, 'type');
  const type = typeof written?.value === 'string' ? types.get(written.value.toLowerCase()) : undefined;
  if (type === undefined) return { name, mistakes: [wrongType(entry, written)] };
  const allowed = entryAt(entry, 'allowedValues');
  const standard = entryAt(entry, 'defaultValue');
  const description = descriptionOf(entry);
  const definition: ParameterDefinition = {
    type,
    ...(description === undefined ? {} : { description }),
    ...(Array.isArray(allowed?.value)
      ? { allowedValues: allowed.value.map((one: Json) => typed(one, type)) }
      : {}),
  };
  if (standard === undefined) return { name, definition, mistakes: [] };
  const usual = typed(standard.value, type);
  const fault = checkParameter(definition, usual);
  const mistakes =
    fault === undefined ? [] : [{ path: standard.path, message: `the default of "${key}" ${fault}` }];
  return { name, definition: { ...definition, default: usual }, mistakes };
}

function wrongType(
  { key, path }: PolicyEntry & { readonly key: string },
  written: PolicyEntry | undefined,
): Mistake {
  if (written === undefined) return { path, message: `the parameter "${key}" has no type` };
  const hint = typeof written.value === 'string' ? didYouMean(written.value, types.keys()) : '';
  return {
    path: written.path,
    message: `${named(written.path)} of "${key}" is ${shown(written.value)}, which is no type of Azure Policy.${hint}`,
  };
}

function descriptionOf(entry: PolicyEntry): string | undefined {
  const metadata = objectIn(entry, 'metadata');
  return textIn(metadata, 'description') ?? textIn(metadata, 'displayName');
}

/** A number or a boolean that is written as text. */
function typed(value: Json, type: ParameterDefinition['type']): Json {
  return typeof value === 'string' && type !== 'array' && type !== 'object'
    ? parseParameter({ type }, type === 'boolean' ? value.toLowerCase() : value)
    : value;
}
