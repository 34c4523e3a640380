import { once, setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { addAbortSignal } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { ConnectOptions } from '../azure/connection.ts';
import { describeFileError } from '../files/file-error.ts';
import { UsageError } from '../model/errors.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { type StatusLine, type TextStream, withStatusLine } from './status-line.ts';

/** The surroundings of the command line program: streams, environment, clock and folders. */
export interface World {
  /** The arguments, without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: () => AsyncIterable<Uint8Array | string> | Promise<Uint8Array>;
  readonly stdout: TextStream;
  /** Sets the exit code for standard output that cannot be written; 2 by default. */
  readonly onLostOutput?: (exitCode: number) => void;
  /** True where standard output could not be written, which decides the exit code. */
  readonly isOutputLost?: () => Promise<boolean>;
  readonly stderr: TextStream;
  /** A line on the terminal that says what is being done. */
  readonly status: StatusLine;
  /** The files that documents were written to, in order: a command adds to it, and the end of the program names them. */
  readonly written: string[];
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
  let isLost = false;
  const { status, ...streams } = withStatusLine({
    stdout: textStream(process.stdout, (error) => {
      isLost = true;
      refuseAtExit(error, () => lostCode);
    }),
    stderr: textStream(process.stderr, () => undefined),
  });
  return {
    argv: process.argv.slice(2),
    env: process.env,
    get cwd() {
      if (cwd !== undefined) return cwd;
      throw new UsageError('The current folder no longer exists.', 'Change to another one, then try again.');
    },
    stdin: () => addAbortSignal(signal, process.stdin),
    ...streams,
    status,
    async isOutputLost() {
      // A stream says so a moment after it was written to.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      return isLost;
    },
    onLostOutput: (code) => {
      lostCode = code;
    },
    written: [],
    ...(process.stdin.isTTY && process.stderr.isTTY
      ? {
          async ask(message: string) {
            await status.clear();
            return ask(message, signal);
          },
        }
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
    get rows() {
      return stream.rows;
    },
    async write(text) {
      if (closed || stream.write(text)) return;
      // The stream outlives the wait, and would keep the listener that nothing was told.
      const waiting = new AbortController();
      const ends = ['drain', 'close'].map(async (event) => once(stream, event, { signal: waiting.signal }));
      await Promise.race(ends).catch(() => undefined);
      waiting.abort();
    },
  };
}

/** The detail of a log: that of `--debug`, and of `--debug=full`. */
export type DebugDetail = 'requests' | 'full';

/** The listener to requests, or to all that the Azure SDKs log, as `--debug` asks for: it writes to standard error. */
export function debugLog(
  { debug }: { readonly debug?: DebugDetail },
  { stderr }: Pick<World, 'stderr'>,
): Pick<ConnectOptions, 'debug' | 'onExchange'> {
  if (debug === undefined) return {};
  const write = (line: string): void => void stderr.write(`${line}\n`);
  return debug === 'full' ? { debug: write } : { onExchange: write };
}
