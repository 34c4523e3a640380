import { checkoutPath } from '../checkout/checkout-path.ts';
import { resolvePath } from '../checkout/source-path.ts';
import type { Expression } from '../languages/expression.ts';
import type { DataFormat, NameScope } from './scope.ts';
import { scalarOf, unknown, type Values } from './value.ts';

/** The load of a file that a call stands for: of which format, and with which arguments. */
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
