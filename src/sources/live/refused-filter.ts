import { refusedToken } from '../../azure/graph-sequence.ts';
import type { AzureError } from '../../model/errors.ts';

/** The code of an error that is ours: rows are in none of the counts that were pushed down. */
export const uncountedRows = 'RowsUncounted';

/** The answers to a query that Azure does not understand, or finds too large or too complex. */
const refusals = new Set([400, 413, 414, 422]);

/** True where Azure refused a query of rows for what it says, which asking for every row may avoid. */
export function refusesQuery(error: AzureError): boolean {
  return refusals.has(error.status) && error.code !== refusedToken;
}

/** True where counts were refused for what was pushed down, or failed to the last: it is worth counting every row. */
export function refusesFilter(error: AzureError): boolean {
  return refusesQuery(error) || error.status >= 500 || isUncounted(error);
}

/** True where counts came, and do not add up for what was pushed down: the other scopes' cannot be relied on either. */
export function isUncounted(error: AzureError): boolean {
  return error.code === uncountedRows;
}
