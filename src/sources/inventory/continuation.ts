import { isJsonObject, type Json } from '../../model/json.ts';
import type { Page } from './pages.ts';

/**
 * True when a page can be the one that the page before it announces. Files hold the answers to several queries, one after
 * the other: the first page of another subscription or query is not the second page of this one.
 */
export function isContinuedBy({ next, understood, scope, sum }: Page, following: Page | undefined): boolean {
  if (next === undefined || !understood || following?.paged !== true) return false;
  if (sum !== undefined && following.sum !== undefined && sum !== following.sum) return false;
  return scope === undefined || following.rows.every(({ row }) => isWithin(row, scope));
}

/** A row without an id is reported elsewhere. */
function isWithin(row: Json, scope: string): boolean {
  const id = isJsonObject(row) ? row['id'] : undefined;
  return typeof id !== 'string' || id.toLowerCase().startsWith(`${scope}/`);
}
