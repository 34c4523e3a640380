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
