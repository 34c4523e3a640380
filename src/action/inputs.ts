import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { clouds } from '../model/cloud.ts';
import { type CoveragePartName, partsToInclude } from '../model/source-name.ts';
import { severities } from '../model/severity.ts';
import { durationPattern, parseDuration } from '../model/duration.ts';
import { didYouMean } from '../documents/suggestions.ts';
import { partSources } from '../sources/parts.ts';
import { readCategory } from '../usecases/report/category.ts';
import { readParameterText } from '../usecases/settings/parameter-text.ts';
import type { ScanFlags } from '../usecases/settings/scan-settings.ts';
import { readTarget } from '../usecases/settings/target.ts';

/** The inputs that a workflow gives in `with:`. Paths are relative to the workspace. */
export interface ActionInputs {
  readonly flags: ScanFlags;
  readonly config: string | undefined;
  readonly sourceRoot: string;
  readonly category: string | undefined;
  readonly sarifFile: string;
  readonly jsonFile: string;
  readonly markdownFile: string | undefined;
  readonly upload: boolean;
  /** Only what the pull request changes counts. */
  readonly changedOnly: boolean;
}

/** A mistake in one input. */
export interface InputProblem {
  readonly input: string;
  readonly message: string;
  readonly hint: string;
}

/** The inputs, and every mistake in them; with a mistake the inputs must not be used. */
export interface ReadInputs {
  readonly inputs: ActionInputs;
  readonly problems: readonly InputProblem[];
}

/**
 * Reads the inputs from the environment, where action.yml puts them: `management-groups` is in
 * `INPUT_MANAGEMENT_GROUPS`. An empty input counts as not given.
 */
export function readInputs(env: Readonly<Record<string, string | undefined>>, workspace: string): ReadInputs {
  const problems: InputProblem[] = [];
  const read = <T>(input: string, parse: (text: string) => T): T | undefined => {
    const text = (env[variableOf(input)] ?? '').trim();
    try {
      return text === '' ? undefined : parse(text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push({ input, message: error.message, hint: error.hint });
      return undefined;
    }
  };
  const path = pathFrom(workspace);
  const inputs: ActionInputs = {
    flags: readFlags(read, path),
    config: read('config', path),
    sourceRoot: read('source-root', path) ?? '.',
    category: read('category', readCategory),
    sarifFile: read('sarif-file', path) ?? 'purgeproof.sarif',
    jsonFile: read('json-file', path) ?? 'purgeproof.json',
    markdownFile: read('markdown-file', path),
    upload: read('upload', readBoolean) ?? false,
    changedOnly: read('changed-only', readBoolean) ?? false,
  };
  return { inputs, problems: [...problems, ...contradictions(inputs)] };
}

/** The environment variable that carries an input. */
export function variableOf(input: string): string {
  return `INPUT_${input.replaceAll('-', '_').toUpperCase()}`;
}

type Read = <T>(input: string, parse: (text: string) => T) => T | undefined;

function readFlags(read: Read, path: (text: string) => string): ScanFlags {
  return {
    subscriptions: read('subscriptions', readList) ?? [],
    managementGroups: read('management-groups', readList) ?? [],
    inventory: read('inventory', path),
    include: read('include', readInclude) ?? [],
    code: {
      template: read('template', path),
      bicep: read('bicep', path),
      terraform: read('terraform', path),
      source: read('source', path),
      parameters: read('template-parameters', path),
    },
    showDeployed: read('show-deployed', readBoolean),
    policies: read('policies', (text) => readList(text).map(path)) ?? [],
    defaultPolicies: true,
    rules: [],
    excludeRules: [],
    parameters: read('parameters', readParameters) ?? [],
    exemptions: read('exemptions', path),
    failOn: read('fail-on', choiceOf(severities)),
    baseline: read('baseline', path),
    failOnNew: read('fail-on-new', readBoolean),
    archive: read('archive', path),
    azureExemptions: read('azure-exemptions', readBoolean),
    allowIncomplete: read('allow-incomplete', readBoolean),
    includeCompliant: undefined,
    cloud: read('cloud', choiceOf(clouds)),
    requestTimeoutMs: read('request-timeout', readDuration),
    outputs: [],
  };
}

function readParameters(text: string): ScanFlags['parameters'] {
  return readLines(text).map((line) => readParameterText(line, `The parameter ${JSON.stringify(line)}`));
}

function contradictions({ flags, ...files }: ActionInputs): readonly InputProblem[] {
  const found = [...targetMistakes(flags)];
  if (files.changedOnly && flags.code?.source === undefined)
    found.push({
      input: 'changed-only',
      message: 'It compares a folder of code with a commit, and none is scanned.',
      hint: 'Name the folder in the input source.',
    });
  if (files.changedOnly && flags.baseline !== undefined)
    found.push({
      input: 'changed-only',
      message: 'A scan is compared once: with a report, or with the code before the pull request.',
      hint: 'Leave out the input baseline, or this one.',
    });
  const written = [files.sarifFile, files.jsonFile, files.markdownFile];
  const inputs = ['sarif-file', 'json-file', 'markdown-file'];
  written.forEach((file, index) => {
    if (file === undefined || written.indexOf(file) === index) return;
    const input = inputs[index] ?? '';
    found.push({ input, message: `Two reports would go to ${file}.`, hint: 'Give each its own file.' });
  });
  return found;
}

function targetMistakes(flags: ScanFlags): readonly InputProblem[] {
  try {
    readTarget(flags, {
      scopes: 'subscriptions or management groups',
      hint: 'Leave out inventory to scan Azure, or leave out the scope.',
    });
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [{ input: 'inventory', message: error.message, hint: error.hint }];
  }
}

/** Reads what to scan besides vaults and HSMs: ignoring the input silently would be a false green. */
function readInclude(text: string): readonly CoveragePartName[] {
  return readList(text).map((item) => {
    const part = partsToInclude.find((name) => name === item.toLowerCase());
    if (part !== undefined && part in partSources) return part;
    throw new UsageError(
      part === undefined
        ? `Unknown value ${JSON.stringify(item)}.${didYouMean(item, partsToInclude)}`
        : `This version cannot include ${JSON.stringify(item)}.`,
      `It can include ${Object.keys(partSources).join(', ')}; vaults and managed HSMs are always scanned.`,
    );
  });
}

/** Items, one a line or separated by commas. */
function readList(text: string): readonly string[] {
  return nonEmpty(text.split(/[\n,]/));
}

/** Items, one a line; commas are part of an item. */
function readLines(text: string): readonly string[] {
  return nonEmpty(text.split('\n'));
}

/** `true` or `false` in any letter case, and nothing else. */
function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false') {
    throw new UsageError(`It must be true or false, not ${JSON.stringify(text)}.`, 'Write true or false.');
  }
  return word === 'true';
}

/** Reads a duration such as `90s`, as milliseconds. */
function readDuration(text: string): number {
  if (new RegExp(durationPattern).test(text)) return parseDuration(text);
  throw new UsageError(`It must be a duration, not ${JSON.stringify(text)}.`, 'Write 90s, 10m or 1h30m.');
}

/** Reads one of a few words, in any letter case. */
function choiceOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(
      `Unknown value ${JSON.stringify(text)}.${didYouMean(text, choices)}`,
      `Allowed values: ${choices.join(', ')}.`,
    );
  };
}

/**
 * Reads a path, absolute or from the workspace, as a path from the workspace with forward slashes: reports show paths,
 * and the folders of the runner are not part of them.
 */
function pathFrom(workspace: string): (text: string) => string {
  return (text) => {
    if (/\p{Cc}/u.test(text))
      throw new UsageError('This input takes a single path.', 'Write one path, on one line.');
    const path = relative(workspace, resolve(workspace, text));
    return path === '' ? '.' : path.split(sep).join('/');
  };
}

function nonEmpty(items: readonly string[]): readonly string[] {
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
