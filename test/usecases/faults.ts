import * as fc from 'fast-check';
import type { Emulator, Fault } from '../../emulator/index.ts';

const times = fc.integer({ min: 1, max: 6 });
const statuses = [401, 403, 404, 405, 409, 412, 429, 500, 503];
const codes = ['AuthorizationFailed', 'ConflictError', 'MethodNotAllowed', 'InternalServerError'];

/** Something that goes wrong with a few of the requests of these methods and paths. */
export function anyFault(methods: readonly string[], paths: readonly RegExp[]): fc.Arbitrary<Fault> {
  const match = fc.record({
    method: fc.constantFrom(...methods),
    nth: fc.integer({ min: 1, max: 6 }),
    path: fc.constantFrom(...paths),
  });
  return fc.oneof(
    fc.record({
      kind: fc.constant('status' as const),
      match,
      times,
      status: fc.constantFrom(...statuses),
      code: fc.constantFrom(...codes),
    }),
    fc.record({
      kind: fc.constantFrom(
        'resetBeforeHeaders' as const,
        'resetAfterHeaders' as const,
        'truncatedBody' as const,
      ),
      match,
      times,
    }),
  );
}

/** Writes that Azure has accepted, whether or not anybody heard of it. */
export function acceptedWrites({ requests }: Emulator): number {
  return requests.filter(({ method, status }) => method !== 'GET' && status >= 200 && status < 300).length;
}
