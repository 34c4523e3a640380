import type { DeletedList } from '../../model/deleted-report.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a list that its formats may use. */
export interface DeletedListContext {
  readonly terminal: Terminal;
  /** The display name of a subscription; its id where that is not known. */
  readonly nameOf: (subscriptionId: string) => string;
}

/** A format of the contents of recycle bins. */
export type DeletedListFormat = Format<DeletedList, DeletedListContext>;
