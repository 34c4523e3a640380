import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { JsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import { tryParseJson } from '../documents/json/parse.ts';
import type { AzureConnection } from './connection.ts';
import { readQuota } from './quota-window.ts';
import { toRefusal } from './refusal.ts';

/** One request to Azure Resource Manager, or to the data plane that a connection is to. */
interface ArmRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: JsonObject;
  readonly signal?: AbortSignal;
}

/** The answer to a request that is sent once. `body` is undefined where it is not JSON. */
export type ArmExchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: unknown;
      readonly requestId: string;
      /** The address at which a long-running operation reports its state. */
      readonly location?: string;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Sends one request once; only a refused token is renewed. Never throws for what Azure refuses. */
export async function exchangeWithArm(
  connection: AzureConnection,
  request: ArmRequest,
): Promise<ArmExchange> {
  const first = await attempt(connection, request);
  if (first.kind === 'answered' || first.refusal.status !== 401) return first;
  connection.renewToken();
  return attempt(connection, request);
}

async function attempt(connection: AzureConnection, request: ArmRequest): Promise<ArmExchange> {
  const { pipeline, httpClient } = connection.arm;
  try {
    return answerOf(await pipeline.sendRequest(httpClient, toPipelineRequest(request)));
  } catch (error) {
    return { kind: 'refused', refusal: toRefusal(error, connection.cloud) };
  }
}

function toPipelineRequest({ method, url, body, signal }: ArmRequest) {
  return createPipelineRequest({
    url,
    method,
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(body === undefined
      ? {}
      : {
          body: JSON.stringify(body),
          headers: createHttpHeaders({ 'content-type': 'application/json' }),
        }),
  });
}

function answerOf({ status, headers, bodyAsText }: PipelineResponse): ArmExchange {
  const location = headers.get('azure-asyncoperation') ?? headers.get('location');
  const { retryAfterMs = 0 } = readQuota(status, (name) => headers.get(name));
  return {
    kind: 'answered',
    status,
    body: tryParseJson(bodyAsText ?? ''),
    requestId: headers.get('x-ms-request-id') ?? headers.get('x-ms-correlation-request-id') ?? '',
    retryAfterMs,
    ...(location === undefined ? {} : { location }),
  };
}
