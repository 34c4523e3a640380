import type { AddedScan } from '../../model/archive.ts';
import type { Destination } from '../../model/destination.ts';
import type { ScanReport } from '../../model/report.ts';
import type { Trend } from '../../model/trend.ts';
import type { ScanReportContext } from '../../reporters/scan/format.ts';
import type { ScanSettings } from '../settings/scan-settings.ts';

/** A scan that is over, and everything that its documents are made from. */
export interface FinishedScan<D extends Destination> {
  readonly report: ScanReport;
  readonly settings: ScanSettings;
  readonly destinations: readonly D[];
  readonly context: Omit<ScanReportContext, 'terminal'>;
  /** Sentences about declarations in infrastructure code that are uncertain or were skipped. */
  readonly notes: readonly string[];
  /** The scan in its archive, or the reason why it is not there; absent where none was asked for. */
  readonly archiving?: Archiving | undefined;
  /** The exit code, if every document gets to its destination. */
  readonly exitCode: number;
}

/** The end of the attempt to archive a scan. */
export interface Archiving {
  readonly added?: AddedScan;
  /** The trend of all its scans; absent where no document shows it. */
  readonly trend?: Trend;
  /** The archive refused the scan, or could not be read again. */
  readonly error?: unknown;
}
