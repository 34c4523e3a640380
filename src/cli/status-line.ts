/** A stream that text is written to. */
export interface TextStream {
  readonly isTTY: boolean;
  /** Width of the terminal in columns; 0 where it is not one. */
  readonly columns: number;
  /** Height of the terminal in rows, where it is known. */
  readonly rows?: number | undefined;
  /** Resolves when the text has been written; a closed pipe is not an error. */
  write(text: string): Promise<void>;
}

/** A line on a terminal's standard error that says what is being done; nothing where it is no terminal. */
export interface StatusLine {
  /** Draws the line over the one before. */
  readonly show: (text: string) => void;
  readonly clear: () => Promise<void>;
}

interface Streams {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

const eraseLine = '\r\u001b[2K';

/** Streams with a line of status, which is gone before anything else is written to either of them. */
export function withStatusLine({ stdout, stderr }: Streams): Streams & { readonly status: StatusLine } {
  if (!stderr.isTTY)
    return { stdout, stderr, status: { show: () => undefined, clear: async () => undefined } };
  let isShown = false;
  const clear = async (): Promise<void> => {
    if (!isShown) return;
    isShown = false;
    await stderr.write(eraseLine);
  };
  const cleared = (stream: TextStream): TextStream => ({
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    async write(text) {
      // Not awaited: of two texts, the first must not wait while the second is written.
      if (isShown) void clear();
      await stream.write(text);
    },
  });
  return {
    stdout: cleared(stdout),
    stderr: cleared(stderr),
    status: {
      show(text) {
        isShown = true;
        void stderr.write(`${eraseLine}${text.slice(0, Math.max(10, stderr.columns - 1))}`);
      },
      clear,
    },
  };
}
