import type { Problem } from '../../model/errors.ts';
import { baseName, folderOf } from '../checkout/source-path.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { hcl } from '../languages/dialect.ts';
import { readJson } from '../languages/read-json.ts';
import { attempt, expressionCursor } from '../languages/statements.ts';
import { argumentsOf } from '../programs/object-properties.ts';
import type { LocatedValue } from '../programs/template.ts';
import { parseFile } from './block.ts';

/** True for a file of variables, by its name. */
export function isVariablesFile(path: string): boolean {
  return /\.tfvars(?:\.json)?$/.test(path);
}

/** True for a file of variables in the folder of a module that Terraform and OpenTofu load by themselves. */
export function isLoadedByItself(path: string, folder: string): boolean {
  return folderOf(path) === folder && orderOf(path) !== undefined;
}

/**
 * The variables that the files in the folder of a module set without being named: `terraform.tfvars`, over it
 * `terraform.tfvars.json`, over both `*.auto.tfvars` and `*.auto.tfvars.json` in order of their names. Source:
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
 */
export function loadedVariables(
  files: readonly SourceText[],
  folder: string,
  problems: Problem[],
): ReadonlyMap<string, LocatedValue> {
  const loaded = files.filter(({ path }) => isLoadedByItself(path, folder));
  const ordered = loaded.toSorted((one, other) => compareOrder(one.path, other.path));
  return overlaid(ordered.map((source) => readVariablesFile(source, problems)));
}

/** The variables of several files, of which later ones win. */
export function overlaid(
  files: readonly ReadonlyMap<string, LocatedValue>[],
): ReadonlyMap<string, LocatedValue> {
  return new Map(files.flatMap((file) => Array.from(file)));
}

function compareOrder(one: string, other: string): number {
  const order = (orderOf(one) ?? 0) - (orderOf(other) ?? 0);
  return order === 0
    ? Number(baseName(one) > baseName(other)) - Number(baseName(one) < baseName(other))
    : order;
}

function orderOf(path: string): number | undefined {
  const name = baseName(path);
  if (name === 'terraform.tfvars') return 0;
  if (name === 'terraform.tfvars.json') return 1;
  return /\.auto\.tfvars(?:\.json)?$/.test(name) ? 2 : undefined;
}

/** Reads a `.tfvars` or `.tfvars.json` file: values for the variables of a module. */
export function readVariablesFile(
  source: SourceText,
  problems: Problem[],
): ReadonlyMap<string, LocatedValue> {
  const locate = locator(source);
  if (source.path.endsWith('.json')) return argumentsOf(readJson(source, problems), locate);
  const body = attempt(
    () => parseFile(expressionCursor(source.text, hcl)),
    (message, at) => problems.push({ ...locate(at), message }),
  );
  return argumentsOf({ kind: 'object', entries: body?.attributes ?? [] }, locate);
}
