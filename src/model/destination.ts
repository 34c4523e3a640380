/** The destination of one document: a file, or standard output where no path is given. */
export interface Destination {
  readonly path?: string | undefined;
}

/** The inputs of a command, which no document may overwrite. */
export interface CommandInputs {
  /** Every file that decides what the command reports; `-` is standard input. */
  readonly files: readonly (string | undefined)[];
  /** The folder with infrastructure code, if the command reads it. */
  readonly sourceRoot?: string | undefined;
}
