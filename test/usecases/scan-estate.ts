import type { ScanReport } from '../../src/model/report.ts';
import type { ResourceSource } from '../../src/model/source.ts';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import type { CompiledFilter } from '../../src/rules/filter.ts';
import { rowsWanted } from '../../src/rules/kql/push-down.ts';
import { liveSource } from '../../src/sources/live.ts';
import { scan } from '../../src/usecases/scan.ts';
import type { Estate } from '../azure/estate.ts';

/** Scans an estate by rules, pushed down unless `full`; all that can be seen, or the subscriptions named. */
export function scanEstate(
  { connection }: Estate,
  rules: readonly CompiledRule[],
  how: {
    readonly full?: boolean;
    readonly subscriptions?: readonly string[];
    readonly filter?: CompiledFilter;
  } = {},
): Promise<ScanReport> {
  const { filter } = how;
  const source = liveSource({
    connection,
    subscriptions: how.subscriptions ?? [],
    managementGroups: [],
    query: { types: scannedTypes, ...rowsWanted(rules, scannedTypes, { all: how.full === true, filter }) },
  });
  return scanSource(source, rules, filter);
}

/** Scans a source by rules. */
export function scanSource(
  source: ResourceSource,
  rules: readonly CompiledRule[],
  filter?: CompiledFilter,
): Promise<ScanReport> {
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules,
    filter,
    sources: [source],
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: false,
    signal: new AbortController().signal,
  });
}
