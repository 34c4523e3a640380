import { checkoutPath } from '../checkout-path.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import { folderOf, resolvePath } from '../source-path.ts';
import { elementNamed, type Expression } from '../syntax/expression.ts';
import { emptyTemplate, type Template } from '../template.ts';
import type { Config, Configs } from './config.ts';
import { functionsAt, type Place } from './functions.ts';

/** A folder in which Terragrunt runs, without what its file includes. */
export function placeAt(folder: string, configs: Configs): Place {
  return {
    folder,
    includes: new Map(),
    hasFile: (path) => configs.texts.has(path),
    isRead: (above) => configs.root === '' || `${above}/`.startsWith(`${configs.root}/`),
    read: (path) => {
      const config = configs.configAt(path);
      return config && namesAt(config, placeAt(folderOf(path), configs));
    },
  };
}

/** What the names of a Terragrunt file mean at a place. Other files know it by its `locals` and `inputs`. */
export function namesAt(config: Config, place: Place): Template {
  const locals = config.locals.map(({ key = '', at }) => ({
    key,
    at,
    value: elementNamed({ kind: 'reference', name: 'local' }, key),
  }));
  return {
    ...emptyTemplate,
    folder: place.folder,
    functions: functionsAt(place),
    values: new Map<string, Expression>([
      ...config.locals.map(({ key = '', value }) => [`local.${key}`, value] as const),
      ['locals', { kind: 'object', entries: locals }],
      ['inputs', config.inputs?.value ?? { kind: 'object', entries: [] }],
    ]),
  };
}

/**
 * The path in the checkout that a value names, from `folder` where it is relative; `undefined` for the address of a
 * repository. `//` only tells Terragrunt what to copy.
 */
export function pathIn(path: Values, folder: string | undefined): string | undefined {
  const written = scalarOf(path);
  if (typeof written !== 'string' || /[:?]/.test(written)) return undefined;
  return checkoutPath(written) ?? (folder === undefined ? undefined : resolvePath(folder, written));
}
