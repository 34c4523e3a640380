import { AzureError } from '../../model/errors.ts';

/** The code of an error that is ours: rows are in none of the counts that were pushed down. */
export const uncountedRows = 'RowsUncounted';

const badRequest = 400;

/** True where a query may have been refused for what was pushed down, so that it is worth asking for every row. */
export function refusesFilter(error: unknown): boolean {
  return error instanceof AzureError && (error.status === badRequest || error.code === uncountedRows);
}
