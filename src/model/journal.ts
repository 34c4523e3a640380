import type { Outcome, RuleVerdict } from './apply.ts';
import type { JsonObject } from './json.ts';
import type { VaultState } from './vault-state.ts';
import type { Tool } from './tool.ts';
import type { WriteAction } from './arm-ports.ts';

/** The common part of every journal line: its number from 1, and the SHA-256 of the line before it. */
export interface Chained {
  readonly seq: number;
  /** Lower-case hex; empty on the first line. */
  readonly previous: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Object id of the identity that ran it, from the token. */
  readonly who: string;
  /** Last in the line: SHA-256 of the line without this. Absent in runs of version 1.0. */
  readonly hash?: string;
}

/** The first line of each run. `afterTornLine`: the line before it is what a crash left, and is no entry. */
export interface RunEntry extends Chained {
  readonly kind: 'run';
  readonly schemaVersion: '1.0' | '1.1';
  readonly tool: Tool;
  /** Absent where no plan is applied: a recovery or a purge. */
  readonly planHash?: string;
  readonly tenantId: string;
  readonly afterTornLine: boolean;
}

/** Written and flushed before a request is sent. */
export interface IntentEntry extends Chained {
  readonly kind: 'intent';
  /** The kind of write; absent in old journals, where each is a `patch`. */
  readonly action?: WriteAction['kind'];
  readonly step: string;
  readonly vault: string;
  readonly attempt: number;
  readonly before: VaultState;
  readonly body: JsonObject;
}

/** A request that was sent, or about to be, of which the outcome is not known. */
export type InFlight = Pick<IntentEntry, 'before' | 'body'>;

/** Written when the outcome of a request is known; or of a step for which none was sent (`sent: false`). */
export interface ResultEntry extends Chained {
  readonly kind: 'result';
  /** As in an intent. */
  readonly action?: WriteAction['kind'];
  readonly step: string;
  readonly vault: string;
  readonly attempt: number;
  readonly sent: boolean;
  readonly outcome: Outcome;
  readonly cause: string;
  readonly requestId: string;
  /** It is not known that requests so far changed nothing. Absent where none was meant to be sent, and in old journals. */
  readonly uncertain?: boolean;
  readonly rules: readonly RuleVerdict[];
  /** Absent when the vault could not be read afterwards. */
  readonly after?: VaultState;
}

/** One line of a journal. */
export type JournalEntry = RunEntry | IntentEntry | ResultEntry;

/** The storage of a journal. Every failure is a UsageError that describes what is wrong with the file. */
export interface JournalStore {
  /** The name that messages give it. */
  readonly name: string;
  /** Makes sure that the journal can be written, and returns what it holds; empty when it is new. */
  open(): Promise<Uint8Array>;
  /** Its entries, without keeping it open; empty when there is none. Fails as `open` does where it could not be written. */
  read(): Promise<Uint8Array>;
  /** Appends, and returns only when the text is on the disk. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}
