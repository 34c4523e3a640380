import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import { redact } from '../reporters/text/redaction.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import type { MonotonicClock } from './clock.ts';

/** The attempts before the one that a signal belongs to. */
const retries = new WeakMap<object, number>();

/** Says that what is sent with a signal has been tried before. */
export function countRetries(signal: AbortSignal, before: number): void {
  if (before > 0) retries.set(signal, before);
}

/**
 * Tells each request when it is answered, or has failed, in one line without secrets: `GET management.azure.com/subscriptions
 * 200 in 34 ms, request 5f1c…, retry 1`.
 */
export function exchangeLogPolicy(
  tell: (line: string) => void,
  clock: Pick<MonotonicClock, 'now'>,
): PipelinePolicy {
  return {
    name: 'exchangeLog',
    async sendRequest(request, next) {
      const startedAt = clock.now();
      const before = retries.get(request.abortSignal ?? request) ?? 0;
      const end = (outcome: string, requestId = request.requestId): void => {
        const facts = [
          `${request.method} ${placeOf(request)} ${outcome} in ${Math.round(clock.now() - startedAt)} ms`,
          `request ${requestId}`,
          ...(before === 0 ? [] : [`retry ${before}`]),
        ];
        tell(terminalText(redact(facts.join(', '))));
      };
      try {
        const response = await next(request);
        end(String(response.status), requestIdOf(response.headers));
        return response;
      } catch (error) {
        end(`failed (${codeOf(error)})`);
        throw error;
      }
    },
  };
}

/** Host and path; of the query only what is no secret: names, and the version of the API. */
function placeOf({ url }: PipelineRequest): string {
  if (!URL.canParse(url)) return 'an address that is no URL';
  const { host, pathname, searchParams } = new URL(url);
  const query = Array.from(
    searchParams,
    ([name, value]) => `${name}=${name === 'api-version' ? value : '…'}`,
  );
  return `${host}${pathname}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

const requestIdHeaders = ['x-ms-request-id', 'x-ms-correlation-request-id'];

/** The id that Azure gave the request; where it gave none, that of the client is left. */
function requestIdOf(headers: { readonly get: (name: string) => string | undefined }): string | undefined {
  return requestIdHeaders.map((name) => headers.get(name)).find((id) => id !== undefined && id !== '');
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code !== '') return code;
  return error instanceof Error ? error.name : 'for no reason that is told';
}
