import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/**
 * Sends one GET to Azure Resource Manager and returns the JSON object of its answer, unchecked otherwise. Throws
 * `MalformedAnswer` for anything else, and what the pipeline throws for an error; `send` repeats and explains both.
 */
export async function getJson(
  { arm: { pipeline, httpClient } }: AzureConnection,
  url: string,
  abortSignal: AbortSignal,
): Promise<JsonObject> {
  const request = createPipelineRequest({ url, method: 'GET', abortSignal });
  const { bodyAsText } = await pipeline.sendRequest(httpClient, request);
  const body = parse(bodyAsText ?? '');
  if (!isJsonObject(body)) throw new MalformedAnswer('the answer is not a JSON object');
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
