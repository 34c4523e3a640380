/** The facts about an archived scan by which it is found. */
export interface ArchivedHead {
  /** ISO 8601 UTC, with milliseconds. */
  readonly startedAt: string;
  readonly complete: boolean;
  /** A name for what is scanned: scans of one series are stored as changes to each other. */
  readonly series: string;
}

/** An archived scan among the others. */
export interface ArchivedName {
  /** The name of its file, which holds its start and the SHA-256 of its bytes. */
  readonly file: string;
  readonly startedAt: string;
}

/** A scan that was added to an archive. */
export interface AddedScan {
  /** The path of its file, as the archive was named. */
  readonly path: string;
  /** Scans that it would have been stored as a change to, and that are damaged. */
  readonly damaged: readonly string[];
}

/** An archive of scans. A scan is a list of lines, each a JSON object with one key. */
export interface ScanArchive {
  /** As named on the command line. */
  readonly folder: string;
  /** Every scan, the earliest first. */
  list(): Promise<readonly ArchivedName[]>;
  /** The lines of a scan. Throws UsageError, with the name of the file, for one that is damaged. */
  read(name: ArchivedName): Promise<readonly string[]>;
  /** Adds a scan, whole or not at all. Throws UsageError for what the disk refuses. */
  add(head: ArchivedHead, lines: readonly string[]): Promise<AddedScan>;
}
