import type { KitDifference, KitRestore } from '../../model/kit.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a document about a kit that its formats may use. */
interface KitContext {
  readonly terminal: Terminal;
}

/** A format of the difference between a kit and its vaults today. */
export type KitDifferenceFormat = Format<KitDifference, KitContext>;

/** A format of the steps that put a kit back. */
export type KitRestoreFormat = Format<KitRestore, KitContext>;
