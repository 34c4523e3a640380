import { createHash } from 'node:crypto';

import { isJsonObject, type Json } from '../../model/json.ts';
import { parseArmId } from '../rows/arm-id.ts';
import { noRows, type RowSet } from './snapshot.ts';

/** The sets of rows that came, subscription by subscription; each row is in its set once. */
export interface RowSets {
  /** Adds a row; false when it is there already. */
  add(row: { readonly subscriptionId: string; readonly id: string; readonly checksum: number }): boolean;
  get(subscriptionId: string): RowSet;
  /** Gives every row the mark that is computed here, to compare them with marks of the same kind. */
  recomputeChecksums(): void;
}

/** Begins with no rows. Ids are in lower case. */
export function rowSets(): RowSets {
  const ids = new Set<string>();
  const sets = new Map<string, RowSet>();
  return {
    add({ subscriptionId, id, checksum }) {
      if (ids.has(id)) return false;
      ids.add(id);
      const set = sets.get(subscriptionId) ?? noRows;
      sets.set(subscriptionId, { rows: set.rows + 1, checksum: set.checksum + checksum });
      return true;
    },
    get: (subscriptionId) => sets.get(subscriptionId) ?? noRows,
    recomputeChecksums() {
      sets.clear();
      for (const id of ids) {
        const subscriptionId = parseArmId(id)?.subscriptionId ?? '';
        const set = sets.get(subscriptionId) ?? noRows;
        sets.set(subscriptionId, { rows: set.rows + 1, checksum: set.checksum + checksumOf(id) });
      }
    },
  };
}

/** Parts a row from its mark, which is not the resource's; `undefined` where Resource Graph gave none. */
export function splitChecksum(row: Json): { readonly checksum: number | undefined; readonly row: Json } {
  if (!isJsonObject(row)) return { checksum: undefined, row };
  const { checksum, ...rest } = row;
  return { checksum: typeof checksum === 'number' ? checksum : undefined, row: rest };
}

/** The mark of a row, computed here. As large as the one that Resource Graph computes, so that sums stay whole numbers. */
export function checksumOf(id: string): number {
  return createHash('sha256').update(id.toLowerCase()).digest().readUInt32BE() % 2_147_483_647;
}
