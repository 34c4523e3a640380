import type { World } from './world.ts';

/** A request as an operation sees it. */
export interface OperationRequest {
  readonly url: URL;
  readonly headers: Headers;
  /** The segments that stood for `{names}` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined when there is none or it is not JSON. */
  readonly body: unknown;
}

/** One row of the table of operations: what it answers to, in which API versions, and how. */
export interface Operation {
  readonly method: string;
  /** A path with `{names}`, compared without regard to case. */
  readonly path: string;
  readonly apiVersions: readonly string[];
  readonly handle: (request: OperationRequest, world: World) => Response | Promise<Response>;
}

/** An operation that fits a request, and its path's parameters. */
export interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation for a method and path. */
export function matchOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): Match | undefined {
  for (const operation of operations) {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (params !== undefined) return { operation, params };
  }
  return undefined;
}

/** The parameters of a path that fits a template, else undefined. */
export function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = template.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) params[segment.slice(1, -1)] = decodeURIComponent(value);
    else if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return params;
}

/** A parameter of the path that the template guarantees. */
export function param(request: OperationRequest, name: string): string {
  return request.params[name] ?? '';
}
