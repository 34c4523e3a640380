import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { JsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import { tryParseJson } from '../documents/json/parse.ts';
import type { AzureConnection } from './connection.ts';
import { readQuota } from './quota-window.ts';
import { toRefusal } from './refusal.ts';

/** A GET of Azure Resource Manager, or of the data plane that a connection is to. */
interface ArmRead {
  readonly method: 'GET';
  readonly url: string;
  readonly signal?: AbortSignal;
}

/** A request that changes something: none of them is given up once it has been sent. */
interface ArmChange {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: JsonObject;
}

type ArmRequest = ArmRead | ArmChange;

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

/** Reads once; only a refused token is renewed. Never throws for what Azure refuses. */
export async function exchangeWithArm(connection: AzureConnection, request: ArmRead): Promise<ArmExchange> {
  return exchange(connection, request);
}

/** Changes something, once, in the same way. For `src/azure/write.ts` alone. */
export async function sendChange(connection: AzureConnection, request: ArmChange): Promise<ArmExchange> {
  return exchange(connection, request);
}

async function exchange(connection: AzureConnection, request: ArmRequest): Promise<ArmExchange> {
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

function toPipelineRequest(request: ArmRequest) {
  const { url, method } = request;
  if (request.method === 'GET')
    return createPipelineRequest({
      url,
      method,
      ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
    });
  if (request.body === undefined) return createPipelineRequest({ url, method });
  const headers = createHttpHeaders({ 'content-type': 'application/json' });
  return createPipelineRequest({ url, method, headers, body: JSON.stringify(request.body) });
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
