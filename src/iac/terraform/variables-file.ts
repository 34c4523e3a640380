import type { Problem } from '../../model/errors.ts';
import { argumentsOf } from '../arguments.ts';
import { readJson } from '../json/read-json.ts';
import { locator, type SourceText } from '../source-text.ts';
import { hcl } from '../syntax/dialect.ts';
import { attempt, expressionCursor } from '../syntax/statements.ts';
import type { Written } from '../template.ts';
import { parseFile } from './block.ts';

/** Reads a `.tfvars` or `.tfvars.json` file: values for the variables of a module. */
export function readVariablesFile(source: SourceText, problems: Problem[]): ReadonlyMap<string, Written> {
  const locate = locator(source);
  if (source.path.endsWith('.json')) return argumentsOf(readJson(source, problems), locate);
  const body = attempt(
    () => parseFile(expressionCursor(source.text, hcl)),
    (message, at) => problems.push({ ...locate(at), message }),
  );
  return argumentsOf({ kind: 'object', entries: body?.attributes ?? [] }, locate);
}
