import { refusedToken } from '../../azure/graph-sequence.ts';
import { AzureError } from '../../model/errors.ts';
import type { RefusedForm } from '../../model/coverage.ts';
import { formOf, type LiveQuery } from './query.ts';

/** The code of an error that is ours: rows are in none of the counts that Resource Graph was asked for. */
export const uncountedRows = 'RowsUncounted';

/** The code of an error that is ours: Resource Graph truncated its answer at every attempt. */
export const truncatedAnswer = 'ResultTruncated';

const ours: ReadonlySet<string> = new Set([uncountedRows, truncatedAnswer]);

/** The answers to a query that Azure does not understand, or finds too large or too complex. */
const refusals = new Set([400, 413, 414, 422]);

/**
 * With these Resource Graph gives a query up that takes too long or cannot be executed; they come after every retry.
 * "An unexpected query execution error occurred" is a 500: https://github.com/Azure/azqr/issues/712
 */
const givenUp = new Set([408, 500, 504]);

/** Codes of 400 that are about the scope and not about the query. */
const isAboutScope = /Subscription|ManagementGroup|Scope|Tenant/i;

/** True where a plainer query may be answered: this one was refused for its content, or given up. */
export function blamesQuery({ status, code }: AzureError): boolean {
  if (code === refusedToken) return false;
  return (refusals.has(status) && !isAboutScope.test(code)) || givenUp.has(status) || ours.has(code);
}

/** The same, where nothing at all was answered: then any failure of Azure may be caused by the query. */
export function mayBlameQuery(error: unknown): error is AzureError {
  if (!(error instanceof AzureError) || error.operation === 'sign in') return false;
  return blamesQuery(error) || error.status >= 500;
}

/** The entry of the report for a query that was refused. */
export function refusedForm(query: LiveQuery, { code, message }: AzureError): RefusedForm {
  return { form: formOf(query), code, message };
}
