import { once, setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { addAbortSignal } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describeFileError } from '../files/file-error.ts';
import { UsageError } from '../model/errors.ts';
import { exitCodes } from '../usecases/exit-code.ts';

/** A stream that text is written to. */
export interface TextStream {
  readonly isTTY: boolean;
  /** Width of the terminal in columns; 0 where it is not one. */
  readonly columns: number;
  /** Resolves when the text has been written; a closed pipe is not an error. */
  write(text: string): Promise<void>;
}

/** The surroundings of the command line program: streams, environment, clock and folders. */
export interface World {
  /** The arguments, without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: () => Promise<Uint8Array>;
  readonly stdout: TextStream;
  /** Sets the exit code for standard output that cannot be written; 2 by default. */
  readonly onLostOutput?: (exitCode: number) => void;
  readonly stderr: TextStream;
  /** Asks a yes-or-no question; absent without a terminal to answer on. */
  readonly ask?: (question: string) => Promise<boolean>;
  readonly now: () => Date;
  /** Aborts when the user presses Ctrl-C or the process is told to stop. */
  readonly signal: AbortSignal;
  /** The system's folder for temporary files. */
  readonly temporary: string;
  /** The folder that holds `package.json` and `policies/`. */
  readonly packageRoot: string;
}

/** The world of a real process. */
export function processWorld(packageRoot: string): World {
  const signal = stopSignal();
  const cwd = workingFolder();
  let lostCode: number = exitCodes.refused;
  return {
    argv: process.argv.slice(2),
    env: process.env,
    get cwd() {
      if (cwd !== undefined) return cwd;
      throw new UsageError('The current folder no longer exists.', 'Change to another one, then try again.');
    },
    async stdin() {
      const { buffer } = await import('node:stream/consumers');
      return buffer(addAbortSignal(signal, process.stdin));
    },
    stdout: textStream(process.stdout, (error) => refuseAtExit(error, () => lostCode)),
    onLostOutput: (code) => {
      lostCode = code;
    },
    stderr: textStream(process.stderr, () => undefined),
    ...(process.stdin.isTTY && process.stderr.isTTY
      ? { ask: (message: string) => ask(message, signal) }
      : {}),
    now: () => new Date(),
    signal,
    temporary: tmpdir(),
    packageRoot,
  };
}

/** The folder that paths are taken from, whatever becomes of it; `undefined` where it was deleted before the program began. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Prompts go to standard error, so that standard output holds the report alone. */
async function ask(message: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in raw mode sends no SIGINT, and the end of input counts as no.
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = once(prompt, 'close').then(() => '');
  const answer = prompt.question(`${message} [y/N] `, { signal }).catch(() => '');
  const given = await Promise.race([answer, ended]);
  prompt.close();
  return /^\s*y(?:es)?\s*$/iu.test(given);
}

/** The first Ctrl-C asks to stop; the second one ends the process immediately. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  // Every request in flight listens to it; that is no leak, and Node need not warn of it.
  setMaxListeners(0, controller.signal);
  const stop = (): void => {
    process.once('SIGINT', () => process.kill(process.pid, 'SIGKILL'));
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

/** Replaces the exit code at exit: a report that was not written cannot be a success. */
function refuseAtExit(error: Error, code: () => number): void {
  process.stderr.write(`error: Cannot write to standard output: ${describeFileError(error)}.\n`);
  process.once('exit', () => {
    process.exitCode = code();
  });
}

/** A closed pipe, as with `head`, is not an error: the reader has read enough. Any other error is passed to `lost`. */
function textStream(stream: WriteStream, lost: (error: Error) => void): TextStream {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!closed && error.code !== 'EPIPE') lost(error);
    closed = true;
  });
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns ?? 0;
    },
    async write(text) {
      if (closed || stream.write(text)) return;
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
    },
  };
}

/** The listener to the log of the Azure SDKs, if `--debug` is given: it writes to standard error. */
export function debugLog(
  { debug }: { readonly debug?: true },
  { stderr }: Pick<World, 'stderr'>,
): { readonly debug?: (line: string) => void } {
  return debug === true ? { debug: (line) => void stderr.write(`${line}\n`) } : {};
}
