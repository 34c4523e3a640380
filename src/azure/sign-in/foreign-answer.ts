import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';

/** Remembers an answer to a request for a token that is none of Microsoft Entra ID: of a proxy, or of a guest network. */
export interface ForeignAnswer {
  readonly policy: PipelinePolicy;
  /** The last answer in words, such as `status 403 and the page "Access denied"`; `undefined` where it was Azure's. */
  inWords(): string | undefined;
}

/** @azure/identity 4.13.1 makes a bare `network_error` of any answer that is no JSON, and drops its status. */
export function foreignAnswer(): ForeignAnswer {
  let words: string | undefined;
  return {
    inWords: () => words,
    policy: {
      name: 'foreignAnswer',
      async sendRequest(request, next) {
        words = undefined;
        const response = await next(request);
        words = isJson(response.bodyAsText ?? '') ? undefined : describe(response);
        return response;
      },
    },
  };
}

function isJson(body: string): boolean {
  return /^\s*[{[]/.test(body);
}

function describe({ status, bodyAsText }: PipelineResponse): string {
  const title = /<title[^>]*>\s*([^<]{1,100})/i.exec(bodyAsText ?? '')?.[1]?.trim() ?? '';
  return `status ${status} and ${title === '' ? 'no answer of its own' : `the page ${JSON.stringify(title)}`}`;
}
