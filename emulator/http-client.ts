import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { ConnectionReset, HostNotFound } from './faults/fault.ts';

type Fetch = (request: Request) => Promise<Response>;

/**
 * An HTTP client for the Azure SDKs that calls the emulator without a socket. Broken connections surface as they do
 * from the SDK's client for Node: ECONNRESET before an answer, PARSE_ERROR within one.
 */
export function inMemoryHttpClient(fetch: Fetch): HttpClient {
  return {
    sendRequest: async (request) => {
      const response = await unlessAborted(request, send(fetch, request));
      const bodyAsText = await unlessAborted(request, readText(response, request));
      const headers = createHttpHeaders(Object.fromEntries(response.headers));
      return { request, status: response.status, headers, bodyAsText };
    },
  };
}

async function send(fetch: Fetch, request: PipelineRequest): Promise<Response> {
  const { url, method, body } = request;
  const init = { method, headers: request.headers.toJSON(), ...(typeof body === 'string' && { body }) };
  try {
    return await fetch(new Request(url, init));
  } catch (error) {
    if (error instanceof ConnectionReset || error instanceof HostNotFound)
      throw new RestError(error.message, { code: error.code, request });
    throw error;
  }
}

async function readText(response: Response, request: PipelineRequest): Promise<string> {
  try {
    return await response.text();
  } catch {
    throw new RestError('Error reading response as text: aborted', { code: RestError.PARSE_ERROR, request });
  }
}

async function unlessAborted<T>(request: PipelineRequest, work: Promise<T>): Promise<T> {
  const signal = request.abortSignal;
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(new DOMException('The operation was aborted.', 'AbortError'));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse);
  });
  return Promise.race([work, aborted]);
}
