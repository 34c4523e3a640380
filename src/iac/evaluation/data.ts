import { parse } from 'yaml';
import { checkoutPath } from '../checkout/checkout-path.ts';
import { resolvePath } from '../checkout/source-path.ts';
import type { Expression } from '../languages/expression.ts';
import { readJson } from '../languages/read-json.ts';
import { spend } from './budget.ts';
import type { DataAt, DataFormat, NameScope } from './scope.ts';
import { type Lazy, listOf, mapOf, scalarOf, text, unknown, type Values } from './value.ts';

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

/** Files of data are settings that people write: longer ones are not read. */
const most = { json: 1_000_000, yaml: 50_000 };

/** True for a text that is neither too long nor too deep to be parsed. */
function isReadable(source: string, format: 'json' | 'yaml'): boolean {
  return source.length <= most[format] && (format === 'json' || !isDeep(source));
}

/** The value of a JSON or YAML document that is readable; unknown where it is not one. */
function parseData(source: string, format: 'json' | 'yaml'): Values {
  try {
    return format === 'json' ? jsonData(source) : dataOf(parse(source, yamlOptions));
  } catch {
    return unknown;
  }
}

/** Aliases, which could multiply what is written, are not followed; to compare all keys takes quadratic time. */
const yamlOptions = { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' } as const;

/** The parser recurses: text that was nested to exhaust its stack is turned away here. */
function isDeep(source: string): boolean {
  if (/^[^\S\r\n]{200}|(?:[-?:][^\S\r\n]+){50}/m.test(source)) return true;
  let depth = 0;
  for (const [bracket] of source.matchAll(/[{}[\]]/g)) {
    depth = Math.max(0, depth + (bracket === '{' || bracket === '[' ? 1 : -1));
    if (depth > deepest) return true;
  }
  return false;
}

const deepest = 100;

function jsonData(source: string): Values {
  const document = readJson({ path: '', text: source }, []);
  return document === undefined ? unknown : writtenData(document);
}

function writtenData(expression: Expression): Values {
  switch (expression.kind) {
    case 'literal':
      return dataOf(expression.value);
    case 'array':
      return listOf(
        expression.items.map(
          (item): Lazy =>
            () =>
              writtenData(item),
        ),
      );
    case 'object':
      return mapOf(
        expression.entries.map(({ key = '', value }): readonly [string, Lazy] => [
          key,
          () => writtenData(value),
        ]),
      );
    default:
      return unknown;
  }
}

function dataOf(data: unknown): Values {
  if (typeof data === 'string') return text(data);
  if (typeof data === 'number' || typeof data === 'boolean' || data === null)
    return [{ kind: 'scalar', value: data }];
  if (Array.isArray(data))
    return listOf(
      data.map(
        (item): Lazy =>
          () =>
            dataOf(item),
      ),
    );
  if (typeof data !== 'object') return unknown;
  return mapOf(
    Object.entries(data).map(([key, value]): readonly [string, Lazy] => [key, () => dataOf(value)]),
  );
}
