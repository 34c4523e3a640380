import { setImmediate } from 'node:timers/promises';
import type { ReportScope, Unreadable } from '../model/coverage.ts';
import type { Resource } from '../model/resource.ts';
import type { ResourceSource, ScanSources, SourceEvent, SourceScope } from '../model/source.ts';
import { archivedCoverage } from '../usecases/archive/archived-report.ts';
import { fromResourceRow } from '../usecases/archive/resource-row.ts';
import type { ArchivedSources } from '../usecases/archive/line-kinds.ts';
import type { LineReader } from '../usecases/archive/scan-lines.ts';
import type { SourceOptions } from '../usecases/scan/ports.ts';

/** An archived scan as a source: its lines, and the archive as named on the command line. */
export interface ArchivedScan extends Pick<SourceOptions, 'isUndecided'> {
  readonly folder: string;
  readonly lines: LineReader;
}

/** The sources of a scan that is archived, as one that gives again what they gave. */
export function archiveSources(scan: ArchivedScan): ScanSources {
  const { lines } = scan;
  const { identity, finishedAt } = lines.value('report');
  return {
    sources: [archiveSource(scan)],
    identity: () => identity,
    finishedAt: new Date(finishedAt),
  };
}

function archiveSource(scan: ArchivedScan): ResourceSource {
  const { lines } = scan;
  const { names, types, facts } = lines.value('sources');
  return {
    name: names[0],
    types,
    holds: facts,
    async *read(signal): AsyncGenerator<SourceEvent> {
      yield { kind: 'scope', ...scopeOf(scan) };
      const gaps = [...lines.values('unreadable')];
      for await (const resources of pages(lines, signal)) {
        yield { kind: 'resources', resources };
        for (const resource of resources)
          if (isNewGap(resource, { scan, gaps, facts })) yield { kind: 'unreadable', entry: gapOf(resource) };
      }
      for (const { resource, types } of lines.values('unread'))
        yield { kind: 'unread', contents: { resource: fromResourceRow(resource), types } };
      yield { kind: 'subscriptions', subscriptions: [...lines.values('addedSubscription')] };
      for (const entry of gaps) yield { kind: 'unreadable', entry };
      if (signal.aborted) yield { kind: 'unreadable', entry: interrupted(scan) };
      yield { kind: 'coverage', coverage: archivedCoverage(lines) };
    },
  };
}

function scopeOf({ folder, lines }: ArchivedScan): SourceScope {
  const scope: ReportScope = {
    ...lines.value('scope'),
    subscriptions: [...lines.values('scopeSubscription')],
    archive: folder,
  };
  return {
    scope,
    subscriptions: [...lines.values('subscription')],
    others: [...lines.values('otherSubscription')],
  };
}

const together = 100;

/** The resources, a few at a time: who asked to stop is heard between. */
async function* pages(lines: LineReader, signal: AbortSignal): AsyncGenerator<readonly Resource[]> {
  let page: Resource[] = [];
  for (const row of lines.values('resource')) {
    page.push(fromResourceRow(row));
    if (page.length < together) continue;
    yield page;
    page = [];
    await setImmediate();
    if (signal.aborted) return;
  }
  if (page.length > 0) yield page;
}

interface KnownGaps {
  readonly scan: ArchivedScan;
  /** Those of the scan. */
  readonly gaps: readonly Unreadable[];
  readonly facts: ArchivedSources['facts'];
}

/** True where the rules of the scan did not need to know what could not be read, and those of now do. */
function isNewGap(resource: Resource, { scan, gaps, facts }: KnownGaps): boolean {
  const id = resource.id.toLowerCase();
  const isFact = (path: string): boolean =>
    facts.some(({ members }) => members.includes(path.split('.')[0] ?? ''));
  const own = resource.gaps.filter((path) => !isFact(path));
  if (own.length === 0 || !scan.isUndecided({ ...resource, gaps: own })) return false;
  return !gaps.some(
    ({ kind, scope }) => kind === 'resource' && `${id}/`.startsWith(`${scope.toLowerCase()}/`),
  );
}

function gapOf({ id, gaps }: Resource): Unreadable {
  return {
    scope: id,
    kind: 'resource',
    reason: `The archived scan did not keep all of it: ${gaps.join(', ')}.`,
    hint: 'Judge it by rules that do not need this, or scan it again.',
  };
}

function interrupted({ folder }: ArchivedScan): Unreadable {
  return {
    scope: folder,
    kind: 'interrupted',
    reason: 'Interrupted before everything was judged.',
    hint: 'Run it again.',
  };
}
