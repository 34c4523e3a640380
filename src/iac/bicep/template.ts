import type { Problem } from '../../model/errors.ts';
import { folderOf } from '../checkout/source-path.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { bicep } from '../languages/dialect.ts';
import type { Expression } from '../languages/expression.ts';
import { attempt, statements } from '../languages/statements.ts';
import { optional } from '../optional.ts';
import {
  emptyTemplate,
  type ImportedName,
  type ModuleCall,
  type Parameter,
  type Template,
  type VaultBlock,
  type WrittenFunction,
} from '../programs/template.ts';
import { besideOf, readDeclaration } from './declaration.ts';
import { type Decorators, bicepKeywords, parseStatements, type Statement } from './statement.ts';

/** Reads a Bicep file. A statement that is not understood is reported in `problems`; the others are read. */
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
    const { vaults: declared, call } = readDeclaration(statement, { path: source.path, locate });
    vaults.push(...declared);
    if (call !== undefined) {
      calls.push(call);
      modules.set(call.loop === undefined ? `${statement.name}.outputs` : statement.name, call);
    }
    if (call?.loop === undefined) values.set(statement.name, statement.body);
  }
  return { ...emptyTemplate, parameters, values, vaults, calls, modules, ...names };
}

/** The names of a Bicep or parameter file, resources and modules aside. */
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

/** Every statement of a Bicep or parameter file that is understood. */
export function readStatements(
  { text }: SourceText,
  locate: Locate,
  problems: Problem[],
): readonly Statement[] {
  const read: Statement[] = [];
  const decorators: Decorators = {};
  for (const cursor of statements(text, { dialect: bicep, keywords: bicepKeywords }).cursors) {
    attempt(
      () => {
        for (const statement of parseStatements(cursor, decorators)) read.push(statement);
      },
      (message, at) => problems.push({ ...locate(at), message }),
    );
  }
  return read;
}

function parameterOf({ value, allowed }: Extract<Statement, { kind: 'param' }>): Parameter {
  return {
    ...(value === undefined ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}
