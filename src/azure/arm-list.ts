import { createPipelineRequest } from '@azure/core-rest-pipeline';

import { announcementsOf } from '../documents/json/announcements.ts';
import { tryParseJson } from '../documents/json/parse.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { sendWithRetry } from './send-with-retry.ts';
import { quietSession, type Session } from './session.ts';

/** A list in ARM that no stable SDK client reads; or whose client takes an answer without `value` for an empty list. */
export interface ArmList {
  /** Completes "could not …". */
  readonly operation: string;
  /** Path and query, from the endpoint on. */
  readonly path: string;
  /** The read that this belongs to, which then counts its retries. */
  readonly session?: Session;
  /** True for an entry with everything that is needed; any other makes the list malformed, since none may be lost. */
  readonly isEntry?: (entry: JsonObject) => boolean;
  /** True for the path of a next page of this list; left out where Azure may write it in another way. */
  readonly isItsPath?: (path: string) => boolean;
}

/** Reads all pages of a list. Throws `AzureError` when Azure refuses it. */
export async function readArmList(
  connection: AzureConnection,
  { operation, path, session: given, isEntry = () => true, isItsPath = () => true }: ArmList,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const session = given ?? quietSession(signal);
  const rows: JsonObject[] = [];
  const requested = new Set<string>();
  let emptyInARow = 0;
  let url: string | undefined = `${connection.cloud.armEndpoint}${path}`;
  while (url !== undefined) {
    const pageUrl: string = url;
    requested.add(pageUrl);
    const page: ArmPage = await sendWithRetry(connection, session, {
      operation,
      governed: false,
      run: async (attemptSignal) => {
        const value = await readPage(connection, pageUrl, attemptSignal);
        const { next } = value;
        const isStuck = value.rows.length === 0 && emptyInARow >= maxEmptyPages;
        if (next !== undefined && (requested.has(next) || isStuck))
          throw new MalformedAnswer('the pages of the list have no end');
        if (next !== undefined && !isItsPath(new URL(next).pathname)) throw new MalformedAnswer(otherList);
        if (!value.rows.every(isEntry)) throw new MalformedAnswer('an entry of the list is incomplete');
        return { value };
      },
    });
    rows.push(...page.rows);
    emptyInARow = page.rows.length === 0 ? emptyInARow + 1 : 0;
    url = page.next;
  }
  return rows;
}

/** The reason not to follow a link that leads to something else. */
export const otherList = 'the link to the next page leads to something else than the list';

/** Azure filters a list by rights after it has cut it into pages, so that some may be empty. */
const maxEmptyPages = 50;

/** One page of a list, and the address of the next one. */
export interface ArmPage {
  readonly rows: readonly JsonObject[];
  readonly next: string | undefined;
}

async function readPage(connection: AzureConnection, url: string, signal: AbortSignal): Promise<ArmPage> {
  return pageOf(await getJson(connection, url, signal), connection.cloud.armEndpoint);
}

/** Reads the body of a page. Throws `MalformedAnswer` for one that is no list, or that goes on at another host. */
export function pageOf(page: JsonObject, endpoint: string): ArmPage {
  const { value } = page;
  if (!Array.isArray(value)) throw new MalformedAnswer('the answer is not a list');
  if (!value.every(isJsonObject)) throw new MalformedAnswer('an entry of the list is incomplete');
  return { rows: value, next: nextUrl(page, endpoint) };
}

/**
 * The address of the next page. What announces one in any other way than ARM does makes the list malformed, and so does an
 * error beside the rows.
 */
function nextUrl(page: JsonObject, endpoint: string): string | undefined {
  const { next: announcedBy, failed } = announcementsOf(page);
  if (failed) throw new MalformedAnswer('there is an error beside the rows');
  if (announcedBy === undefined) return undefined;
  const next = page['nextLink'];
  if (typeof next !== 'string' || next === '')
    throw new MalformedAnswer(
      `${JSON.stringify(announcedBy)} seems to announce another page, and is not understood`,
    );
  if (!URL.canParse(next, endpoint)) throw new MalformedAnswer('the link to the next page is not a URL');
  // A token is never sent to another host than the one that gave the link, nor in the clear.
  if (new URL(next, endpoint).origin !== new URL(endpoint).origin)
    throw new MalformedAnswer('the next page is said to be on another host');
  return new URL(next, endpoint).href;
}

/**
 * Sends one GET to Azure Resource Manager and returns the JSON object of its answer, unchecked otherwise. Throws
 * `MalformedAnswer` for anything else, and what the pipeline throws for an error; `sendWithRetry` repeats and explains both.
 */
export async function getJson(
  { arm: { pipeline, httpClient } }: AzureConnection,
  url: string,
  abortSignal: AbortSignal,
): Promise<JsonObject> {
  const request = createPipelineRequest({ url, method: 'GET', abortSignal });
  const { bodyAsText } = await pipeline.sendRequest(httpClient, request);
  const body = tryParseJson(bodyAsText ?? '');
  if (!isJsonObject(body)) throw new MalformedAnswer('the answer is not a JSON object');
  return body;
}
