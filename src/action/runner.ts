import * as core from '@actions/core';
import type { Location } from '../model/location.ts';

/** The severity of an annotation. */
export type Level = 'error' | 'warning' | 'notice';

/** A message that GitHub shows on the run, and on its file, if it has one. The texts are already neutralised. */
export interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly at?: Location;
}

/** The services of the runner that the action uses. */
export interface Runner {
  info(line: string): void;
  debug(line: string): void;
  annotate(annotation: Annotation): void;
  /** Lines that the log shows folded. */
  group(title: string, lines: readonly string[]): void;
  setOutput(name: string, value: string): void;
  /** Adds Markdown to the summary of the job; at most 1 MiB a step. */
  addSummary(markdown: string): Promise<void>;
}

const commands = { error: core.error, warning: core.warning, notice: core.notice };

/** The runner by its workflow commands and files. Without a summary file (older servers), the summary is left out. */
export function actionsRunner(env: Readonly<Record<string, string | undefined>>): Runner {
  return {
    info: core.info,
    debug: core.debug,
    annotate: ({ level, title, message, at }) => commands[level](message, { title, ...placeOf(at) }),
    group(title, lines) {
      core.startGroup(title);
      for (const line of lines) core.info(line);
      core.endGroup();
    },
    setOutput: core.setOutput,
    async addSummary(markdown) {
      if ((env['GITHUB_STEP_SUMMARY'] ?? '') !== '') await core.summary.addRaw(markdown, true).write();
    },
  };
}

function placeOf(at: Location | undefined): core.AnnotationProperties {
  return at === undefined ? {} : { file: at.file, startLine: at.line, startColumn: at.column };
}

/** The inputs that stand for flags of the command line. */
const inputOf: ReadonlyMap<string, string> = new Map([
  ...[
    'allow-incomplete',
    'archive',
    'baseline',
    'bicep',
    'cloud',
    'config',
    'exemptions',
    'fail-on',
    'fail-on-new',
    'azure-exemptions',
    'include',
    'inventory',
    'policies',
    'request-timeout',
    'show-deployed',
    'source',
    'source-root',
    'template',
    'terraform',
  ].map((name): [string, string] => [name, name]),
  ['changed-since', 'changed-only'],
  ['subscription', 'subscriptions'],
  ['management-group', 'management-groups'],
  ['param', 'parameters'],
  ['parameters', 'template-parameters'],
]);

/** The keys of the configuration file that stand for flags without an input. */
const keyOf: ReadonlyMap<string, string> = new Map([
  ['rule', 'rules'],
  ['exclude-rule', 'excludeRules'],
  ['framework', 'frameworks'],
  ['no-default-policies', 'defaultPolicies'],
  ['inventory-complete', 'inventoryComplete'],
  ['vault-timeout', 'vaultTimeout'],
]);

/**
 * Says inputs of the action, or keys of the configuration, where a message of the command line says flags. The flags of a
 * command to run, such as `az login --tenant`, stay.
 */
export function withInputs(text: string): string {
  const command = '\\b(?:az|purgeproof) [a-z][^\\n]*';
  const flag = '(?<![^\\s(])--(?:output json=\\S+|include ([a-z,]+)|([a-z][a-z-]*)(?: [A-Z]{2,})?)';
  return text.replaceAll(
    new RegExp(`${command}|${flag}`, 'gu'),
    (written: string, included: string | undefined, name: string | undefined) => {
      if (!written.startsWith('--')) return written;
      if (included !== undefined) return `the input include: ${included}`;
      if (name === undefined) return 'the input json-file';
      const [input, key] = [inputOf.get(name), keyOf.get(name)];
      if (input !== undefined) return `the input ${input}`;
      return key === undefined ? written : `${key} in the configuration`;
    },
  );
}

/** A runner whose log, annotations and summary speak of inputs. */
export function speakingOfInputs(runner: Runner): Runner {
  return {
    ...runner,
    info: (line) => runner.info(withInputs(line)),
    annotate: (annotation) =>
      runner.annotate({
        ...annotation,
        title: withInputs(annotation.title),
        message: withInputs(annotation.message),
      }),
    group: (title, lines) => runner.group(title, lines.map(withInputs)),
    addSummary: (markdown) => runner.addSummary(withInputs(markdown)),
  };
}
