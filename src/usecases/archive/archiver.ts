import { beginTrend } from '../../history/trend.ts';
import type { ArchivedName, ScanArchive } from '../../model/archive.ts';
import { UsageError } from '../../model/errors.ts';
import { isTrendComplete, type Trend, type UnreadableScan } from '../../model/trend.ts';
import type { ScanReport } from '../../model/report.ts';
import { exitCodes, wasInterrupted } from '../exit-code.ts';
import type { Archiving } from '../scan/finished-scan.ts';
import type { ScanPolicies } from '../settings/load-policies.ts';
import type { ScanSettings } from '../settings/scan-settings.ts';
import { categoryOf } from '../report/category.ts';
import { archivedFrame, findingReader } from './archived-report.ts';
import { emptyArchive, lineReader } from './scan-lines.ts';
import { beginRecording, type ScanRecording } from './recording.ts';

/** Adds one scan to an archive. */
export interface Archiver {
  readonly recording: ScanRecording;
  /** Never throws: the reports of the scan do not depend on its archive. */
  archive(report: ScanReport, isTrendWanted: boolean): Promise<Archiving>;
}

/** The settings and policies of a scan, as far as its archive keeps them. */
interface ArchivedBy {
  readonly settings: Pick<ScanSettings, 'target' | 'filter' | 'cloud'>;
  readonly policies: Pick<ScanPolicies, 'compiled' | 'exemptions'>;
}

/** Prepares to archive a scan that is about to begin. One that is interrupted is not archived: the next one says more. */
export function openArchiver(
  { settings, policies }: ArchivedBy,
  { archive, signal }: { readonly archive: ScanArchive; readonly signal: AbortSignal },
): Archiver {
  const recording = beginRecording(policies.compiled);
  const { cloud, target } = settings;
  // Exports of one estate have many names.
  const series = target.kind === 'inventory' ? 'inventory' : categoryOf(settings);
  const { exemptions } = policies;
  return {
    recording,
    async archive(report, isTrendWanted) {
      if (signal.aborted || wasInterrupted(report)) return {};
      const { startedAt, complete } = report;
      try {
        const lines = recording.lines(report, { exemptions, cloud });
        const added = await archive.add({ startedAt, complete, series }, lines);
        return { added, ...(isTrendWanted ? { trend: await readTrend(archive) } : {}) };
      } catch (error) {
        return { error };
      }
    },
  };
}

/** Reads every scan of an archive, and returns what became of their findings. A damaged scan is named, and not believed. */
export async function readTrend(archive: ScanArchive): Promise<Trend> {
  const trend = beginTrend();
  const unreadable: UnreadableScan[] = [];
  const findingsIn = findingReader();
  const add = async (name: ArchivedName): Promise<void> => {
    const lines = lineReader(await archive.read(name), name.file);
    trend.add(archivedFrame(lines, name.file), findingsIn(lines, name.file));
  };
  const names = await archive.list();
  if (names.length === 0) throw emptyArchive(archive);
  for (const name of names)
    try {
      await add(name);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unreadable.push({ file: name.file, reason: error.message });
    }
  return trend.end(unreadable);
}

/** 0 every archived scan was read, 3 one of them could not be, or the last one was incomplete. */
export function trendExitCode(trend: Trend): number {
  return isTrendComplete(trend) ? exitCodes.clean : exitCodes.incomplete;
}
