import type { Problem } from '../../model/errors.ts';
import type { Location } from '../../model/location.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { elementNamed, textOf } from '../languages/expression.ts';
import { located } from '../programs/object-properties.ts';
import { emptyTemplate, type LocatedValue, type ParameterFile, type Template } from '../programs/template.ts';
import { namesIn, readStatements, siblingPath } from './names.ts';
import { elsewhere, verifiedVault } from './verified-module.ts';

/** A `.bicepparam` file by itself: its template and the file that it extends are paths in the checkout. */
export interface BicepParameters {
  readonly path: string;
  readonly template: string | undefined;
  readonly base: string | undefined;
  /** The text that names the template, and its place. */
  readonly using: { readonly at: Location; readonly target: string } | undefined;
  /** Values by the names of their parameters. */
  readonly given: ReadonlyMap<string, LocatedValue>;
  readonly context: Template;
}

/** Reads a `.bicepparam` file. */
export function readBicepParameters(source: SourceText, problems: Problem[]): BicepParameters {
  const { path } = source;
  const locate = locator(source);
  const read = readStatements(source, locate, problems);
  const names = namesIn(read, path);
  const given = new Map<string, LocatedValue>();
  let [template, base]: (string | undefined)[] = [];
  let using: BicepParameters['using'];
  for (const statement of read) {
    if (statement.kind === 'using') {
      template = siblingPath(path, statement.target);
      const target = textOf(statement.target);
      if (target !== undefined) using = { at: locate(statement.at), target };
    }
    if (statement.kind === 'extends') base = siblingPath(path, statement.target);
    if (statement.kind !== 'param' || statement.value === undefined) continue;
    given.set(statement.name, { at: locate(statement.at), value: located(statement.value, locate) });
    names.values.set(statement.name, statement.value);
  }
  return { path, template, base, using, given, context: { ...emptyTemplate, ...names } };
}

/**
 * The parameter files that say which template of this checkout they are for, with what they inherit by `extends`
 * (https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-extend).
 */
export function linkBicepParameters(files: readonly BicepParameters[]): readonly ParameterFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap(({ path, template }) => {
    if (template === undefined) return [];
    const { given, context } = extended(path, byPath);
    const named = [...given].map(([name, written]) => [name.toLowerCase(), written] as const);
    // `main.bicepparam` of `main.bicep` is the file that tools use by default.
    const isOwn = path.replace(/param$/, '') === template;
    return [{ file: path, template, arguments: new Map(named), context, isOwn }];
  });
}

/** The files that deploy a template which is not in this checkout, as templates by their paths: of a Verified Module it is known what it makes. */
export function usedElsewhere(
  files: readonly BicepParameters[],
  isThere: (path: string) => boolean,
): ReadonlyMap<string, Template> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return new Map(
    files.flatMap(({ path, template, using }): readonly (readonly [string, Template])[] => {
      if (using === undefined || (template !== undefined && isThere(template))) return [];
      const { given, context } = extended(path, byPath);
      const entries = [...given].map(([key, { value }]) => ({ key, at: 0, value }));
      const { at, target } = using;
      const vault = verifiedVault(target, { kind: 'object', entries }, () => at);
      const vaults = vault === undefined ? [] : [{ ...vault, at, address: 'using' }];
      const named = { kind: 'literal', value: target } as const;
      const unfollowed = vault === undefined ? elsewhere({ at, symbol: path }, named) : [];
      return [[path, { ...context, vaults, unfollowed }]];
    }),
  );
}

/** Longer chains of files are not followed, nor are circles. */
const longestChain = 10;

/** A file with what it inherits: it names that as `base.name`, whether it says so itself or not. */
function extended(
  path: string,
  byPath: ReadonlyMap<string, BicepParameters>,
  chain = 1,
): Pick<BicepParameters, 'given' | 'context'> {
  const { base, given, context } = byPath.get(path) ?? {
    base: undefined,
    given: new Map(),
    context: emptyTemplate,
  };
  if (base === undefined || chain === longestChain) return { given, context };
  const from = extended(base, byPath, chain + 1);
  const inherited = [...from.given]
    .filter(([name]) => !given.has(name))
    .map(
      ([name, { at }]) =>
        [name, { at, value: elementNamed({ kind: 'reference', name: 'base' }, name) }] as const,
    );
  return {
    given: new Map([...inherited, ...given]),
    context: {
      ...context,
      values: new Map([...inherited.map(([name, { value }]) => [name, value] as const), ...context.values]),
      imports: new Map([...context.imports, ['base', { from: from.context }]]),
    },
  };
}
