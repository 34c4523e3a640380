import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { elementNamed, type Expression, textOf } from '../languages/expression.ts';
import { located } from '../programs/object-properties.ts';
import {
  emptyTemplate,
  type LocatedValue,
  type ModuleCall,
  type Parameter,
  type ParameterFile,
  type Template,
  type UnfollowedCall,
  type VaultBlock,
} from '../programs/template.ts';
import { mayHoldPolicies } from '../programs/template-data.ts';
import { readDeclaration } from './declaration.ts';
import { namesIn, readStatements, siblingPath } from './names.ts';
import type { Statement } from './statement.ts';

/** Reads a Bicep file. A statement that is not understood is reported in `problems`; the others are read. */
export function readBicep(source: SourceText, problems: Problem[]): Template {
  const locate = locator(source);
  const read = readStatements(source, locate, problems);
  const parameters = new Map<string, Parameter>();
  const { values, ...names } = namesIn(read, source.path);
  const vaults: VaultBlock[] = [];
  const calls: ModuleCall[] = [];
  const modules = new Map<string, ModuleCall>();
  const unfollowed: UnfollowedCall[] = [];
  for (const statement of read) {
    if (statement.kind === 'param') parameters.set(statement.name.toLowerCase(), parameterOf(statement));
    if (statement.kind !== 'resource' && statement.kind !== 'module') continue;
    const { vaults: declared, call } = readDeclaration(statement, { path: source.path, locate });
    vaults.push(...declared);
    if (statement.kind === 'module' && call === undefined && mayDeclare(declared, statement.target))
      unfollowed.push({ at: locate(statement.at), ...elsewhere(statement) });
    if (call !== undefined) calls.push(call);
    if (call !== undefined && statement.kind === 'module')
      modules.set(call.loop === undefined ? `${statement.name}.outputs` : statement.name, call);
    if (call?.loop === undefined) values.set(statement.name, statement.body);
  }
  const isHeld = calls.some(
    ({ target }) => typeof target === 'object' && 'document' in target && mayHoldPolicies(target.document),
  );
  const changed = isHeld ? [policies] : changedIn(source.text);
  return { ...emptyTemplate, parameters, values, vaults, calls, modules, changed, unfollowed, ...names };
}

/** A Verified Module of another resource declares no vault. */
function mayDeclare(declared: readonly VaultBlock[], target: Expression): boolean {
  return declared.length === 0 && !/\bavm\/res\//i.test(textOf(target) ?? '');
}

/** A module that is not in the checkout. A template spec is a deployment by link. */
function elsewhere({
  target,
  name,
}: Extract<Statement, { kind: 'resource' | 'module' }>): Omit<UnfollowedCall, 'at'> {
  const text = textOf(target);
  return { target: text, symbol: name, ...(text?.startsWith('br') === true ? { isModule: true } : {}) };
}

const policies = 'properties.accessPolicies';

/** The access policies of vaults are resources of their own as well: to find the words for them is enough. */
function changedIn(text: string): readonly string[] {
  return /['/]accessPolicies['@]/i.test(text) ? [policies] : [];
}

function parameterOf({
  value,
  allowed,
  isNullable = false,
}: Extract<Statement, { kind: 'param' }>): Parameter {
  return {
    isNullable,
    ...(value === undefined ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** A `.bicepparam` file by itself: its template and the file that it extends are paths in the checkout. */
export interface BicepParameters {
  readonly path: string;
  readonly template: string | undefined;
  readonly base: string | undefined;
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
  for (const statement of read) {
    if (statement.kind === 'using') template = siblingPath(path, statement.target);
    if (statement.kind === 'extends') base = siblingPath(path, statement.target);
    if (statement.kind !== 'param' || statement.value === undefined) continue;
    given.set(statement.name, { at: locate(statement.at), value: located(statement.value, locate) });
    names.values.set(statement.name, statement.value);
  }
  return { path, template, base, given, context: { ...emptyTemplate, ...names } };
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
