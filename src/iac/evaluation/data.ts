import { checkoutPath } from '../checkout/checkout-path.ts';
import { resolvePath } from '../checkout/source-path.ts';
import type { Expression } from '../languages/expression.ts';
import { spend } from './budget.ts';
import { isReadable, parseData } from './parse-data.ts';
import type { DataAt, DataFormat, NameScope } from './scope.ts';
import { scalarOf, text, unknown, type Values } from './value.ts';

/** A call that loads a file: its format and its arguments. */
interface Load {
  readonly format: DataFormat;
  /** False in Terraform, where a relative path is one from the folder that it is run in. */
  readonly fromFolder: boolean;
  readonly arguments: readonly Expression[];
}

const loaders: ReadonlyMap<string, DataFormat> = new Map([
  ['loadtextcontent', 'text'],
  ['loadjsoncontent', 'json'],
  ['loadyamlcontent', 'yaml'],
]);

const decoders: ReadonlyMap<string, DataFormat> = new Map([
  ['json', 'json'],
  ['jsondecode', 'json'],
  ['yamldecode', 'yaml'],
]);

/** `loadJsonContent('a.json')` or `jsondecode(file("a.json"))`; `undefined` for a call that loads nothing. */
export function loadOf(name: string, parts: readonly Expression[]): Load | undefined {
  const format = loaders.get(name.toLowerCase());
  if (format !== undefined) return { format, fromFolder: true, arguments: parts };
  if (name === 'file') return { format: 'text', fromFolder: false, arguments: parts };
  const decoded = decoders.get(name.toLowerCase());
  const [inner] = parts;
  if (decoded === undefined || inner?.kind !== 'call') return undefined;
  const loaded = loadOf(inner.name, inner.arguments);
  return loaded?.format === 'text' ? { ...loaded, format: decoded } : undefined;
}

/** The data in a file of the checkout, or the part of it that a path such as `$.keyVault` selects. */
export function loadedValues(load: Load, [path, select]: readonly Values[], scope: NameScope): Values {
  const { format } = load;
  const data = dataAt(path ?? unknown, load, scope) ?? unknown;
  if (select === undefined) return data;
  return format === 'text' ? unknown : selected(data, scalarOf(select));
}

/** Bicep names a file from its own folder, Terraform by a path that begins with one that it gives. */
function dataAt(path: Values, { format, fromFolder }: Load, scope: NameScope): Values | undefined {
  const written = scalarOf(path);
  if (typeof written !== 'string') return undefined;
  const found = fromFolder ? resolvePath(scope.folder, written) : checkoutPath(written);
  return found === undefined ? undefined : scope.dataAt(found, format, scope.budget);
}

/** A path of plain names; any other selects something unknown. */
function selected(data: Values, path: unknown): Values {
  if (typeof path !== 'string' || !/^\$?(?:\.?[\w-]+(?:\.[\w-]+)*)?$/.test(path)) return unknown;
  const names = path.split(/[$.]/).filter((name) => name !== '');
  return names.reduce((values, name) => {
    const [only] = values;
    return (only?.kind === 'map' ? only.entries.get(name)?.() : undefined) ?? unknown;
  }, data);
}

/** Steps that it costs to read a character. */
const costs = { json: 0.05, yaml: 1 };

/** The files of a checkout as the data that they hold. */
export function dataIn(texts: ReadonlyMap<string, string>): DataAt {
  const read = new Map<string, Values>();
  return (path, format, budget) => {
    const source = texts.get(path);
    const key = `${format} ${path}`;
    const held = read.get(key);
    if (source === undefined || held !== undefined) return held;
    if (format === 'text') return text(source);
    if (!isReadable(source, format)) return unknown;
    spend(budget, source.length * costs[format]);
    if (budget.steps <= 0) return unknown;
    const values = parseData(source, format);
    read.set(key, values);
    return values;
  };
}
