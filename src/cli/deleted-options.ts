import type { Cloud } from '../model/cloud.ts';
import type { DebugDetail } from './world.ts';

/** The flags of every command about recycle bins. */
export interface DeletedOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
  readonly cloud: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly output: readonly string[];
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: DebugDetail;
}

/** The flags of a recovery or a purge. */
export interface ChangeOptions extends DeletedOptions {
  readonly journal: string;
  readonly yes?: true;
  /** Everything that was deleted, rather than what is named; `deletedSince` limits it. */
  readonly all?: true;
  readonly deletedSince?: Date;
  readonly confirm?: string;
  readonly allowDependants?: true;
  /** The configuration that may forbid a purge. */
  readonly config?: string;
}
