import { describe, expect, test } from 'vitest';

import type { Coverage, Unreadable } from '../../src/model/coverage.ts';
import type { Resource } from '../../src/model/resource.ts';
import { emptyScope, type ResourceSource, type SourceEvent } from '../../src/model/source.ts';

/** Everything that a source told, sorted by kind. */
export interface ReadResult {
  readonly events: readonly SourceEvent[];
  readonly resources: readonly Resource[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage | undefined;
}

/** Reads a source to its end. */
export async function listen(
  source: ResourceSource,
  signal = new AbortController().signal,
): Promise<ReadResult> {
  const events: SourceEvent[] = [];
  for await (const event of source.read(signal, emptyScope)) events.push(event);
  return {
    events,
    resources: events.flatMap((event) => (event.kind === 'resources' ? event.resources : [])),
    unreadable: events.flatMap((event) => (event.kind === 'unreadable' ? [event.entry] : [])),
    coverage: events.flatMap(coverageIn).at(0),
  };
}

/** The account of subscriptions that an event brings. */
export function coverageIn(event: SourceEvent): readonly Coverage[] {
  return event.kind === 'coverage' && !('part' in event.coverage) ? [event.coverage] : [];
}

/** What every source promises, whatever it reads. `make` gives a source of at least two vaults, nothing missing. */
export function describeSource(name: string, make: () => ResourceSource): void {
  describe(`${name} keeps the contract of a source`, () => {
    test('scope comes first and once, coverage last and once', async () => {
      const { events } = await listen(make());
      const kinds = events.map(({ kind }) => kind);
      expect(kinds.indexOf('scope')).toBe(0);
      expect(kinds.lastIndexOf('scope')).toBe(0);
      expect(kinds.indexOf('coverage')).toBe(kinds.length - 1);
    });

    test('coverage counts the resources that were result, subscription by subscription', async () => {
      const { resources, coverage } = await listen(make());
      expect(resources.length).toBeGreaterThanOrEqual(2);
      for (const subscription of coverage?.subscriptions ?? []) {
        const own = resources.filter(({ subscriptionId }) => subscriptionId === subscription.id);
        expect(subscription).toMatchObject({ rows: own.length, expectedRows: own.length });
      }
    });

    test('no resource is returned twice', async () => {
      const { resources } = await listen(make());
      expect(new Set(resources.map(({ id }) => id.toLowerCase())).size).toBe(resources.length);
    });

    test('known types are given in the spelling of Azure', async () => {
      const { resources } = await listen(make());
      for (const { type, body } of resources) {
        expect(['Microsoft.KeyVault/vaults', 'Microsoft.KeyVault/managedHSMs']).toContain(type);
        expect(body['type']).toBe(type);
      }
    });

    test('aborted before it begins, it accounts for everything as not read, and does not throw', async () => {
      const { events, resources, unreadable, coverage } = await listen(make(), AbortSignal.abort());
      expect(events[0]?.kind).toBe('scope');
      expect(resources).toEqual([]);
      expect(unreadable.map(({ kind }) => kind)).toContain('interrupted');
      expect(coverage?.subscriptions.every(({ state }) => state === 'partial')).toBe(true);
    });

    test('aborted midway, it stops, still with coverage, and says that it was interrupted', async () => {
      const controller = new AbortController();
      const kinds: string[] = [];
      const entries: string[] = [];
      for await (const event of make().read(controller.signal, emptyScope)) {
        kinds.push(event.kind);
        if (event.kind === 'unreadable') entries.push(event.entry.kind);
        if (event.kind === 'scope') controller.abort();
      }
      expect(kinds.at(-1)).toBe('coverage');
      expect(entries).toContain('interrupted');
      expect(kinds).not.toContain('resources');
    });
  });
}
