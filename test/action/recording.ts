import type { AzureOverrides } from '../../src/azure/connection.ts';
import type { Annotation, Runner } from '../../src/action/runner.ts';
import { run } from '../../src/action/run.ts';
import { packageRoot } from '../cli/run.ts';

/** Everything that the action reported to the runner. */
export interface Recording {
  readonly code: number;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
  readonly debug: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the action in this process, with a runner that records its calls. */
export async function record(
  env: Readonly<Record<string, string>>,
  workspace: string,
  azure: AzureOverrides = {},
): Promise<Recording> {
  const annotations: Annotation[] = [];
  const log: string[] = [];
  const debug: string[] = [];
  const outputs: Record<string, string> = {};
  let summary = '';
  const runner: Runner = {
    info: (line) => log.push(line),
    debug: (line) => debug.push(line),
    annotate: (annotation) => annotations.push(annotation),
    group: (_, lines) => log.push(...lines),
    setOutput: (name, value) => {
      outputs[name] = value;
    },
    addSummary: async (markdown) => {
      summary += markdown;
    },
  };
  const now = (): Date => new Date('2026-11-24T12:00:00Z');
  const { signal } = new AbortController();
  const code = await run({ env, workspace, runner, now, signal, packageRoot }, azure);
  return { code, annotations, log, debug, outputs, summary };
}
