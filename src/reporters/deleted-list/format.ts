import type { DeletedList } from '../../model/deleted-report.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a list that its formats may use. */
export interface DeletedListContext {
  readonly terminal: Terminal;
  /** The display name of a subscription; its id where that is not known. */
  readonly nameOf: (subscriptionId: string) => string;
  /** The names of subscriptions that are disabled; their recycle bins were read like those of others. */
  readonly disabled: readonly string[];
}

/** A format of the contents of recycle bins. */
export type DeletedListFormat = Format<DeletedList, DeletedListContext>;
