import type { Problem } from '../../model/errors.ts';
import { folderOf, resolvePath } from '../checkout/source-path.ts';
import type { Locate, SourceText } from '../checkout/source-text.ts';
import { bicep } from '../languages/dialect.ts';
import { type Expression, textOf } from '../languages/expression.ts';
import { attempt, statements } from '../languages/statements.ts';
import { optional } from '../optional.ts';
import type { ImportedName, Template, WrittenFunction } from '../programs/template.ts';
import type { Decorators } from './clauses.ts';
import { bicepKeywords, parseStatements, type Statement } from './statement.ts';

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
    const from = siblingPath(path, statement.target);
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

/** The path in the checkout that a literal names from a file; `undefined` for a module of a registry. */
export function siblingPath(path: string, target: Expression): string | undefined {
  const text = textOf(target);
  return text === undefined || text.includes(':') ? undefined : resolvePath(folderOf(path), text);
}
