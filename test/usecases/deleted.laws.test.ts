import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../emulator/index.ts';
import { runs } from '../runs.ts';
import { binEstate, type BinEstate, deletedVault, tenantWithBin } from './recycle-bin-estate.ts';

const match = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST'),
  nth: fc.integer({ min: 1, max: 6 }),
  path: fc.constantFrom(/./, /deletedVaults/, /operationResults/, /vaults\/kv-a$/),
});
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    match,
    times: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom(401, 403, 404, 405, 409, 412, 429, 500, 503),
    code: fc.constantFrom('AuthorizationFailed', 'ConflictError', 'MethodNotAllowed', 'InternalServerError'),
  }),
  fc.record({
    kind: fc.constantFrom(
      'resetBeforeHeaders' as const,
      'resetAfterHeaders' as const,
      'truncatedBody' as const,
    ),
    match,
    times: fc.integer({ min: 1, max: 6 }),
  }),
);

/** Writes that Azure has accepted, whether or not anybody heard of it. */
function accepted({ azure }: BinEstate): number {
  return azure.requests.filter(({ method, status }) => method !== 'GET' && status >= 200 && status < 300)
    .length;
}

/** By then the faults are used up. */
const mostRuns = 40;

describe.for(['recover', 'purge'] as const)('laws of a %s, whatever goes wrong', (action) => {
  test('nothing is sent again once Azure has accepted it, and verified is true', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        async (faults, purgePolls) => {
          const estate = binEstate(tenantWithBin(deletedVault('kv-a')), { purgePolls });
          const deleted = await estate.list();
          for (const one of faults) estate.azure.inject(one);
          for (let again = 0; again < mostRuns; again += 1) {
            const { results } = await estate.change(action, { deleted });
            const outcome = results[0]?.outcome;
            expectTrue(outcome, estate, action);
            if (outcome === 'verified') break;
          }
          expect(accepted(estate)).toBe(1);
          expectTrue('verified', estate, action);
        },
      ),
      { numRuns: runs(120) },
    );
  });
});

function expectTrue(outcome: string | undefined, { azure }: BinEstate, action: 'recover' | 'purge'): void {
  if (outcome !== 'verified') return;
  const { deleted, resources } = azure.tenant;
  expect(deleted).toEqual([]);
  expect(Array.isArray(resources) && resources.length).toBe(action === 'recover' ? 1 : 0);
}
