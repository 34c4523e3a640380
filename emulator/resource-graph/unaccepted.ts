import type { JsonObject } from '../../src/model/json.ts';
import { vocabularyOf } from '../kql/vocabulary.ts';
import { invalidQuery } from './errors.ts';
import { resourceGraphTables } from './tables.ts';

/** Parts of KQL that Resource Graph is to refuse: it has a subset, and which one can only be tried there. */
export interface Unaccepted {
  /** Words as `vocabularyOf` gives them: `hash()`, `| union`, `matches regex`, `summarize … union`. */
  readonly words?: readonly string[];
  /** Characters that a query may have at most. */
  readonly longest?: number;
}

/** Throws GraphError (400) where a query uses what is not accepted. */
export function refuseUnaccepted(query: string, { words = [], longest }: Unaccepted = {}): void {
  const details: JsonObject[] = [];
  if (words.length > 0) {
    const used = vocabularyOf(query, resourceGraphTables);
    details.push(...words.filter((word) => used.has(word)).map(refusalOf));
  }
  if (longest !== undefined && query.length > longest)
    details.push({ code: 'QueryTooLong', message: `The query has ${query.length} characters.` });
  if (details.length > 0) throw invalidQuery(details);
}

function refusalOf(word: string): JsonObject {
  if (word.endsWith('()'))
    return { code: 'UnknownFunction', message: `Unknown function: '${word.slice(0, -2)}'.` };
  return { code: 'ParserFailure', message: `ParserFailure: '${word}' is not supported.` };
}
