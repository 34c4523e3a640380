import type { Problem } from '../../model/errors.ts';
import { argumentsOf } from '../arguments.ts';
import { objectProperties } from '../object-properties.ts';
import { optional } from '../optional.ts';
import { folderOf, resolvePath } from '../source-path.ts';
import { type Locate, locator, type SourceText } from '../source-text.ts';
import { bicep } from '../syntax/dialect.ts';
import { type Expression, type Loop, textOf, valueOf } from '../syntax/expression.ts';
import { attempt, statements } from '../syntax/statements.ts';
import {
  emptyTemplate,
  type ImportedName,
  type ModuleCall,
  type Parameter,
  type Template,
  type VaultBlock,
  type WrittenFunction,
} from '../template.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { readScope } from './scope-group.ts';
import { type Decorators, keywords, parseStatements, type Statement } from './statement.ts';
import { moduleProperties, moduleType } from './verified-module.ts';

/** Reads a Bicep file. A statement that is not understood is told in `problems`; the others are read. */
export function readBicep(source: SourceText, problems: Problem[]): Template {
  const locate = locator(source);
  const read = readStatements(source, locate, problems);
  const parameters = new Map<string, Parameter>();
  const { values, ...names } = namesIn(read, source.path);
  const vaults: VaultBlock[] = [];
  const calls: ModuleCall[] = [];
  const modules = new Map<string, ModuleCall>();
  for (const statement of read) {
    if (statement.kind === 'param') parameters.set(statement.name.toLowerCase(), parameterOf(statement));
    if (statement.kind !== 'resource' && statement.kind !== 'module') continue;
    const declared: Declared = { statement, ...unwrap(statement.body), locate };
    vaults.push(...(statement.kind === 'module' ? moduleVaultOf(declared) : vaultOf(declared)));
    const call = statement.kind === 'module' ? callOf(declared, source.path) : undefined;
    if (call !== undefined) {
      calls.push(call);
      modules.set(call.loop === undefined ? `${statement.name}.outputs` : statement.name, call);
    }
    if (call?.loop === undefined) values.set(statement.name, statement.body);
  }
  return { ...emptyTemplate, parameters, values, vaults, calls, modules, ...names };
}

/** What the names of a Bicep or parameter file mean, resources and modules aside. */
export function namesIn(
  read: readonly Statement[],
  path: string,
): Pick<Template, 'outputs' | 'functions' | 'imports' | 'folder'> & {
  readonly values: Map<string, Expression>;
} {
  const values = new Map<string, Expression>();
  const outputs = new Map<string, Expression>();
  const functions = new Map<string, WrittenFunction>();
  const imports = new Map<string, ImportedName>();
  for (const statement of read) {
    if (statement.kind === 'var') values.set(statement.name, statement.value);
    if (statement.kind === 'output') outputs.set(statement.name, statement.value);
    if (statement.kind === 'func') functions.set(statement.name, statement);
    if (statement.kind !== 'import') continue;
    const from = besideOf(path, statement.target);
    if (from === undefined) continue;
    for (const [name, exported] of statement.names)
      imports.set(name, { from, ...optional('name', exported) });
  }
  return { values, outputs, functions, imports, folder: folderOf(path) };
}

/** The path in the checkout that a literal names from a file; `undefined` for a module of a registry. */
export function besideOf(path: string, target: Expression): string | undefined {
  const text = textOf(target);
  return text === undefined || text.includes(':') ? undefined : resolvePath(folderOf(path), text);
}

/** Every statement of a Bicep or parameter file that is understood. */
export function readStatements(
  { text }: SourceText,
  locate: Locate,
  problems: Problem[],
): readonly Statement[] {
  const read: Statement[] = [];
  const decorators: Decorators = {};
  for (const cursor of statements(text, { dialect: bicep, keywords }).cursors) {
    attempt(
      () => {
        for (const statement of parseStatements(cursor, decorators)) read.push(statement);
      },
      (message, at) => problems.push({ ...locate(at), message }),
    );
  }
  return read;
}

type Declaring = Extract<Statement, { kind: 'resource' | 'module' }>;

interface Declared {
  readonly statement: Declaring;
  readonly object: Expression;
  readonly loop?: Loop;
  readonly locate: Locate;
}

function unwrap(body: Expression): { readonly object: Expression; readonly loop?: Loop } {
  if (body.kind !== 'for') return { object: body };
  const { over, keyName, valueName, value } = body;
  const names = keyName === undefined ? { valueName } : { keyName, valueName };
  return { object: value, loop: { over, ...names, keyedByItem: false } };
}

function parameterOf({ value, allowed }: Extract<Statement, { kind: 'param' }>): Parameter {
  return {
    ...(value === undefined ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function vaultOf({ statement, object, loop, locate }: Declared): readonly VaultBlock[] {
  const type = vaultTypeOf(textOf(statement.target) ?? '');
  if (type === undefined || statement.existing) return [];
  return [
    {
      type,
      at: locate(statement.at),
      ...optional('name', valueOf(object, 'name')),
      ...optional('location', valueOf(object, 'location')),
      ...optional('tags', valueOf(object, 'tags')),
      ...readScope(valueOf(object, 'scope')),
      ...optional('condition', statement.condition),
      properties: objectProperties(valueOf(object, 'properties'), locate),
      ...optional('loop', loop),
    },
  ];
}

function moduleVaultOf({ statement, object, loop, locate }: Declared): readonly VaultBlock[] {
  const module = moduleType(textOf(statement.target) ?? '');
  if (module === undefined) return [];
  const params = valueOf(object, 'params');
  return [
    {
      type: module.type,
      at: locate(statement.at),
      ...optional('name', valueOf(params, 'name')),
      ...optional('location', valueOf(params, 'location')),
      ...optional('tags', valueOf(params, 'tags')),
      properties: moduleProperties(module, params, locate),
      ...readScope(valueOf(object, 'scope')),
      ...optional('condition', statement.condition),
      ...optional('loop', loop),
    },
  ];
}

function callOf({ statement, object, loop, locate }: Declared, path: string): ModuleCall | undefined {
  const target = besideOf(path, statement.target);
  if (target === undefined) return undefined;
  return {
    target,
    arguments: argumentsOf(valueOf(object, 'params'), locate),
    ...readScope(valueOf(object, 'scope')),
    ...optional('condition', statement.condition),
    ...optional('loop', loop),
    outputsKey: 'outputs',
  };
}
