import { isJsonObject, type Json } from '../../model/json.ts';
import { noRows, type RowSet } from './sight.ts';

/** The sets of rows that came, subscription by subscription; each row is in its set once. */
export interface RowSets {
  /** Adds a row; false when it is there already. */
  add(row: { readonly subscriptionId: string; readonly id: string; readonly mark: number }): boolean;
  get(subscriptionId: string): RowSet;
}

/** Begins with no rows. Ids are in lower case. */
export function rowSets(): RowSets {
  const ids = new Set<string>();
  const sets = new Map<string, RowSet>();
  return {
    add({ subscriptionId, id, mark }) {
      if (ids.has(id)) return false;
      ids.add(id);
      const set = sets.get(subscriptionId) ?? noRows;
      sets.set(subscriptionId, { rows: set.rows + 1, mark: set.mark + mark });
      return true;
    },
    get: (subscriptionId) => sets.get(subscriptionId) ?? noRows,
  };
}

/** Parts a row from its mark, which is not the resource's. A row without one has none that could be counted. */
export function takeMark(row: Json): { readonly mark: number; readonly row: Json } {
  if (!isJsonObject(row)) return { mark: 0, row };
  const { mark, ...rest } = row;
  return { mark: typeof mark === 'number' ? mark : Number.NaN, row: rest };
}
