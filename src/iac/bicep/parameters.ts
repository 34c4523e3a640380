import type { Problem } from '../../model/errors.ts';
import { folderOf, resolvePath } from '../source-path.ts';
import { locator, type SourceText } from '../source-text.ts';
import { type Expression, textOf } from '../syntax/expression.ts';
import type { ParameterFile, Written } from '../template.ts';
import { readStatements } from './template.ts';

/** Reads a `.bicepparam` file; `undefined` where it does not say which template of this checkout it is for. */
export function readBicepParameters(source: SourceText, problems: Problem[]): ParameterFile | undefined {
  const locate = locator(source);
  const given = new Map<string, Written>();
  const values = new Map<string, Expression>();
  let template: string | undefined;
  for (const statement of readStatements(source, locate, problems)) {
    if (statement.kind === 'using') {
      const path = textOf(statement.target);
      template = path === undefined ? undefined : resolvePath(folderOf(source.path), path);
    } else if (statement.kind === 'var') values.set(statement.name, statement.value);
    else if (statement.kind === 'param' && statement.value !== undefined) {
      given.set(statement.name.toLowerCase(), { at: locate(statement.at), value: statement.value });
    }
  }
  return template === undefined ? undefined : { template, arguments: given, values };
}
