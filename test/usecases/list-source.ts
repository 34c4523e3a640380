import type { Coverage, Unreadable } from '../../src/model/coverage.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ResourceSource } from '../../src/model/source.ts';
import { typesReadBy } from '../../src/resource-types/known-type.ts';
import { subscriptionId } from '../build.ts';

export const fullCoverage: Coverage = {
  expectedFrom: 'named',
  subscriptions: [{ id: subscriptionId, name: 'Payments', state: 'read', expectedRows: 1, rows: 1 }],
  queries: 1,
  pages: 1,
  retries: 0,
  waitMs: 0,
};

/** A source of given pages; `coverage: undefined` is one that was cut short. */
export function listSource(
  pages: readonly (readonly Resource[])[],
  rest: { readonly unreadable?: readonly Unreadable[]; readonly coverage?: Coverage | undefined } = {},
): ResourceSource {
  const coverage = 'coverage' in rest ? rest.coverage : fullCoverage;
  return {
    name: 'live',
    types: typesReadBy('live'),
    async *read() {
      yield {
        kind: 'scope',
        scope: { subscriptions: [{ id: subscriptionId, name: 'Payments' }], managementGroups: [] },
        subscriptions: [
          {
            id: subscriptionId,
            name: 'Payments',
            managementGroups: [{ id: 'production', name: 'Production' }],
          },
        ],
      };
      for (const resources of pages) yield { kind: 'resources', resources };
      for (const entry of rest.unreadable ?? []) yield { kind: 'unreadable', entry };
      if (coverage !== undefined) yield { kind: 'coverage', coverage };
    },
  };
}
