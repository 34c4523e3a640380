import type { JsonObject } from '../../src/model/json.ts';
import { KqlError } from '../kql/error.ts';
import type { Problem } from '../kql/language.ts';
import { KqlProblems } from '../kql/query.ts';
import { json } from '../responses.ts';
import type { World } from '../world.ts';

/** An error of Resource Graph: `details` is where the reason stands. */
export interface GraphFailure {
  readonly status: number;
  readonly code: string;
  readonly details: readonly JsonObject[];
}

/** What a handler throws to answer with an error of Resource Graph. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly failure: GraphFailure;

  constructor(failure: GraphFailure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** 400 with one detail. */
export function badRequest(code: string, message: string): GraphError {
  return new GraphError({ status: 400, code: 'BadRequest', details: [{ code, message }] });
}

/** 403: none of what was asked for may be read. */
export function accessDenied(): GraphError {
  const message = 'Access is denied to the requested resource. The user might not have enough permission.';
  return new GraphError({ status: 403, code: 'AccessDenied', details: [{ code: 'AccessDenied', message }] });
}

/** 429, with the body that the service sends. */
export const rateLimited: GraphFailure = {
  status: 429,
  code: 'RateLimiting',
  details: [
    {
      code: 'RateLimiting',
      message:
        'Client application has been throttled and should not attempt to repeat the request until an amount of time ' +
        'has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
    },
  ],
};

/** What became of a query that does not compile; anything else is not ours to explain. */
export function queryError(error: unknown, query: string): GraphError {
  if (error instanceof GraphError) return error;
  if (error instanceof KqlProblems)
    return invalidQuery(error.problems.map((problem) => problemDetail(problem, query)));
  if (error instanceof KqlError) return invalidQuery([{ code: error.code, message: error.message }]);
  throw error;
}

/** The body in which Resource Graph wraps every error. */
export function graphErrorResponse(
  failure: GraphFailure,
  world: World,
  headers: Record<string, string>,
): Response {
  const timestamp = new Date(world.now()).toISOString().replace('Z', '0000Z');
  const message =
    'Please provide below info when asking for support: ' +
    `timestamp = ${timestamp}, correlationId = ${world.newId()}.`;
  return json(
    { error: { code: failure.code, message, details: failure.details } },
    { status: failure.status, headers },
  );
}

/** 400: the query is not one that Resource Graph accepts; the first detail says so, the others say why. */
export function invalidQuery(details: readonly JsonObject[]): GraphError {
  const message =
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error ' +
    'before retrying.';
  return new GraphError({
    status: 400,
    code: 'BadRequest',
    details: [{ code: 'InvalidQuery', message }, ...details],
  });
}

// The service says only where; the binder's words are added to help debug queries here.
function problemDetail(problem: Problem, query: string): JsonObject {
  const token = query.slice(problem.start, problem.start + Math.max(1, problem.length));
  if (problem.code === 'KS211') return { code: 'UnknownFunction', message: `Unknown function: '${token}'.` };
  const before = query.slice(0, problem.start).split('\n');
  return {
    code: 'ParserFailure',
    message: `ParserFailure: ${problem.message}`,
    line: before.length,
    characterPositionInLine: before.at(-1)?.length ?? 0,
    token: token === '' ? '<EOF>' : token,
  };
}
