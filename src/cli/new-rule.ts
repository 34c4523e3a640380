import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { refuseExisting, writeNewFiles } from '../files/destinations/write-file.ts';
import { policyFiles } from '../files/policy-files.ts';
import { PolicyError, problemLine, UsageError } from '../model/errors.ts';
import type { JsonPath } from '../model/json.ts';
import type { PolicyFiles } from '../model/settings.ts';
import { shellPath } from '../reporters/text/shell.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { type NewRule, newRuleFile } from '../rules/examples/new-rule.ts';
import { type RuleWishes, wishedRule } from '../rules/examples/wished-rule.ts';
import type { CheckedRules } from '../rules/load/rules.ts';
import { isRuleId } from '../rules/rule-id.ts';
import { checkPolicyFiles } from '../usecases/settings/user-files.ts';
import type { CommandContext } from './context.ts';
import { tell } from './terminal.ts';

/** The flags of `rules new`. */
export interface NewRuleFlags extends RuleWishes {
  readonly id?: string;
  readonly policies: readonly string[];
  readonly quiet?: true;
}

const usualFolder = 'policies';

/**
 * Writes a rule to begin with: into a file, a folder, or with `-` to standard output. Nothing that is there is replaced. Throws
 * UsageError for flags that make no valid rule, and PolicyError at the place of a rule that has its id.
 */
export async function writeNewRule(
  target: string | undefined,
  flags: NewRuleFlags,
  { world }: CommandContext,
): Promise<number> {
  const wanted = idFrom(target, flags);
  const place = wanted.isTarget ? undefined : target;
  const known = await knownRules(policyFiles(world), [usualFolder, ...foldersOf(place), ...flags.policies]);
  const id = wanted.id ?? freeId(known);
  refuseTaken(id, known);
  const rule = wishedRule({ ...flags, id }, [...known.rules, ...known.faulty]);
  const path = await pathOf(place, rule, world.cwd);
  if (path !== '-') await refuseExisting([path], { cwd: world.cwd, force: false, hint: otherFile });
  const made = newRuleFile(rule, path === '-' ? `${id}.yaml` : path);
  if ('mistakes' in made)
    throw new UsageError(made.mistakes.map(mistakeLine).join('\n'), 'Nothing was written.');
  if (path === '-') await world.stdout.write(made.text);
  else {
    await writeNewFiles([{ path, text: made.text }], { cwd: world.cwd, force: false, hint: otherFile });
    await world.stdout.write(`${terminalText(path)}\n`);
  }
  for (const warning of made.warnings)
    await tell(terminalText(problemLine({ ...warning, message: `warning: ${warning.message}` })), world);
  if (path !== '-' && flags.quiet !== true)
    await tell(`Test it: purgeproof rules test ${shellPath(path)}`, world);
  return 0;
}

const otherFile = 'Name another file: what is there is never replaced.';

/** The id that is asked for, by flag or in the place of the file. */
function idFrom(target: string | undefined, { id }: NewRuleFlags) {
  const isTarget = target !== undefined && isRuleId(target);
  if (isTarget && id !== undefined && id.toUpperCase() !== target.toUpperCase())
    throw new UsageError(`Two ids are given: ${target}, and ${id} with --id.`, 'Keep one of them.');
  return { isTarget, id: (isTarget ? target : id)?.toUpperCase() };
}

/** The folder of a file that is to be, where rules may be. */
function foldersOf(place: string | undefined): readonly string[] {
  if (place === undefined || place === '-') return [];
  const folder = /\.ya?ml$/iu.test(place) ? dirname(place) : place;
  // The working folder may hold anything.
  return resolve('/', folder) === '/' ? [] : [folder];
}

/** The rules that ship with purgeproof and those of some paths, as far as they are there and can be read. */
async function knownRules(files: PolicyFiles, paths: readonly string[]): Promise<CheckedRules> {
  const shipped = await files.shippedRules();
  const read = await Promise.all(paths.map((path) => files.read([path]).catch(() => [])));
  const unique = new Map(read.flat().map((one) => [one.file, one]));
  return checkPolicyFiles([...unique.values()], { shipped, judgesExamples: false });
}

function freeId({ rules, faulty }: CheckedRules): string {
  const taken = new Set([...rules, ...faulty].map(({ id }) => id.toUpperCase()));
  for (let number = 1; ; number += 1) {
    const id = `ORG${String(number).padStart(3, '0')}`;
    if (!taken.has(id)) return id;
  }
}

function refuseTaken(id: string, { rules, faulty }: CheckedRules): void {
  if (/^AKV\d/u.test(id))
    throw new UsageError(
      `The id ${id} is reserved: AKV and digits make the ids of the rules that ship with purgeproof.`,
      'Begin with letters of your own, such as ORG001.',
    );
  const same = rules.find((one) => one.id.toUpperCase() === id);
  if (same !== undefined)
    throw new PolicyError([{ ...same.location, message: `the id "${same.id}" is already used here` }]);
  if (faulty.some((one) => one.id.toUpperCase() === id))
    throw new UsageError(
      `The id ${id} is already used, in a file that is no valid rule.`,
      'Choose another id.',
    );
}

/** A file, a folder to put it in, or nothing for the usual one. */
async function pathOf(place: string | undefined, { id, name }: NewRule, cwd: string): Promise<string> {
  if (place === '-') return place;
  const own = `${id}-${name}.yaml`;
  if (place === undefined) return `${usualFolder}/${own}`;
  const isFolder = await stat(resolve(cwd, place)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder || place.endsWith('/')) return join(place, own);
  if (/\.ya?ml$/iu.test(place)) return place;
  throw new UsageError(
    `${place} is neither an id nor a YAML file: a rule with remarks cannot be JSON.`,
    'Name a file that ends in .yaml, a folder that ends in /, an id such as ORG001, or - for standard output.',
  );
}

const flagOf: Readonly<Record<string, string>> = {
  id: '--id',
  name: '--name',
  title: '--title',
  resourceType: '--type',
  description: '--description',
  when: '--tag',
};

function mistakeLine({ path, message }: { readonly path: JsonPath; readonly message: string }): string {
  const [key, part] = path;
  const flag = key === 'require' ? (part === 'field' ? '--field' : '--value') : flagOf[String(key)];
  return flag === undefined ? message : `${flag}: ${message}`;
}
