import { checkoutPath } from '../checkout-path.ts';
import { type Budget, shareOf, spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { DataAt } from '../evaluation/scope.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import { scopeOf } from '../instance.ts';
import { emptyProgram } from '../program.ts';
import { folderOf, resolvePath } from '../source-path.ts';
import { type Expression, elementNamed } from '../syntax/expression.ts';
import { emptyTemplate, type Template } from '../template.ts';
import type { Config } from './config.ts';
import { functionsAt, type Place } from './functions.ts';

/** The Terragrunt files of a checkout. */
export interface Configs {
  /** The file of a path, read once; `undefined` where there is none. */
  readonly configAt: (path: string) => Config | undefined;
  /** The text of every file, by its path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The folder below which every file is known. */
  readonly root: string;
  readonly dataAt: DataAt;
  /** Work that is left for all of them. */
  readonly budget: Budget;
}

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

/** Work that one value may cost to work out while files are read. */
const steps = 20_000;

/** What an expression of a Terragrunt file comes to. */
export function valuesIn(names: Template, expression: Expression, configs: Configs): Values {
  const budget = shareOf(configs.budget, steps);
  const before = budget.steps;
  const program = { ...emptyProgram, dataAt: configs.dataAt };
  const evaluation = { program, budget, libraries: new Map() };
  const scope = scopeOf({ template: names, arguments: new Map(), open: true }, evaluation);
  const values = evaluate(expression, scope);
  spend(configs.budget, before - budget.steps);
  return values;
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
