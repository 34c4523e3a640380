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
