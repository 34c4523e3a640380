import { setMaxListeners } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AzureOverrides } from '../../src/azure/connection.ts';
import { main } from '../../src/cli/main.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { readReport as readReportFile } from '../../src/usecases/report/report-file.ts';
import { type TextStream, withStatusLine } from '../../src/cli/status-line.ts';
import type { World } from '../../src/cli/world.ts';

/** How to run the command line program in a test. */
export interface Setting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly azure?: AzureOverrides;
  /** Columns of a terminal; without it neither stream is one. */
  readonly terminal?: number;
  /** Its rows, where they are known. */
  readonly rows?: number | undefined;
  readonly now?: string;
  readonly signal?: AbortSignal;
  /** The system's folder for temporary files; one of this process when left out. */
  readonly temporary?: string;
  /** The answer to every question; without it there is no terminal to ask on. */
  readonly answer?: boolean;
  /** Answers every question, in place of `answer`. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** What a run printed and returned. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Without its end. */
  readonly stderr: string;
  /** The last lines of standard error: which files were written, as whom Azure was read, and why the exit code is what it is. */
  readonly ending: string;
}

export const packageRoot = join(import.meta.dirname, '../..');

const temporary = mkdtempSync(join(tmpdir(), 'purgeproof-temporary-'));

const endingInWholeLines = /^([^]*?)((?:Wrote [^\n]*\n)?(?:Signed in to [^\n]*\n)?(?:Exit \d: [^\n]*\n)?)$/;

/** A terminal that is narrow breaks the lines. */
const endingOnTerminal =
  /^([^]*?)((?:Wrote [^\n]*\n)?(?:Signed in to (?:[^\n]+\n(?!Exit))*[^\n]+\n)?(?:Exit \d: (?:[^\n]+\n)+)?)$/;

/** Runs the program in this process, over streams that are kept. */
export async function run(argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(worldOf(argv, setting, { out, err }), setting.azure);
  const ended = setting.terminal === undefined ? endingInWholeLines : endingOnTerminal;
  const [, stderr = '', ending = ''] = ended.exec(err.join('')) ?? [];
  const said = /^Exit (\d): /m.exec(ending)?.[1];
  if (said !== undefined && Number(said) !== code)
    throw new Error(`exit code ${code}, explained as: ${ending}`);
  return { code, stdout: out.join(''), stderr, ending };
}

/** The world of a test: what is printed goes to `out` and `err`. */
export function worldOf(
  argv: readonly string[],
  setting: Setting,
  { out, err }: { readonly out: string[]; readonly err: string[] },
): World {
  return {
    argv,
    env: setting.env ?? {},
    cwd: setting.cwd ?? packageRoot,
    stdin: async () => Buffer.from(setting.stdin ?? ''),
    ...withStatusLine({
      stdout: stream(out, setting.terminal, setting.rows),
      stderr: stream(err, setting.terminal),
    }),
    written: [],
    ...(setting.answer === undefined ? {} : { ask: answering(setting.answer, err) }),
    ...(setting.ask === undefined ? {} : { ask: setting.ask }),
    now: () => new Date(setting.now ?? '2026-11-24T12:00:00Z'),
    signal: quietSignal(setting.signal),
    temporary: setting.temporary ?? temporary,
    packageRoot,
  };
}

/** Text as it is left on a terminal: of each line what stands after it was last erased. */
export function leftOn(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\r\u001B[2K').at(-1) ?? '');
  return lines.join('\n');
}

/** The JSON report that a run printed. */
export function readReport(stdout: string): ScanReport {
  return readReportFile(Buffer.from(stdout), 'standard output');
}

/** As in a real process: requests in flight listen to it, many at a time. */
function quietSignal(given: AbortSignal | undefined): AbortSignal {
  const signal = given ?? new AbortController().signal;
  setMaxListeners(0, signal);
  return signal;
}

function answering(answer: boolean, questions: string[]) {
  return async (question: string): Promise<boolean> => {
    questions.push(`${question}\n`);
    return answer;
  };
}

function stream(chunks: string[], columns: number | undefined, rows?: number): TextStream {
  return {
    isTTY: columns !== undefined,
    columns: columns ?? 0,
    rows,
    async write(text) {
      chunks.push(text);
    },
  };
}
