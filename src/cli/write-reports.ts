import type { Config } from '../model/config.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { type ReporterName, reporters } from '../reporters/scan/formats.ts';
import type { ReporterOptions } from '../reporters/format.ts';
import { scanAnchors } from '../sources/files/scan-anchors.ts';
import type { Anchoring } from '../usecases/anchors/declared-anchors.ts';
import { reportOptions } from '../usecases/report/report-options.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import type { FormatDestination } from './destinations.ts';
import { lookOf } from './look.ts';
import type { World } from './world.ts';

/** What reports are made with, beside the report itself. */
export interface ReportSetting {
  readonly world: World;
  readonly rules: readonly Rule[];
  readonly config: Config | undefined;
  /** False when the user asked for no colours. */
  readonly color: boolean;
  /** True when nothing but errors may go to standard error. */
  readonly quiet: boolean;
  /** The folder with infrastructure code, if findings are to be shown there. */
  readonly sourceRoot: string | undefined;
  readonly category: string | undefined;
}

/** Writes every report that was asked for, and returns what did not get to its destination. */
export async function writeReports(
  report: ScanReport,
  destinations: readonly FormatDestination<ReporterName>[],
  setting: ReportSetting,
): Promise<readonly LostDocument<FormatDestination<ReporterName>>[]> {
  const { world, rules, color, quiet, category } = setting;
  const { anchor, notes } = await anchors(report, destinations, setting);
  if (!quiet) for (const note of notes) await world.stderr.write(`${terminalText(note)}\n`);
  const shared = {
    ...reportOptions(rules, anchor),
    ...(category === undefined ? {} : { category }),
  };
  const render = (destination: FormatDestination<ReporterName>): Iterable<string> => {
    const options: ReporterOptions = { ...shared, ...lookOf(destination, world, color) };
    return reporters[destination.format](report, options);
  };
  return writeDocuments(destinations, render, world);
}

function anchors(
  { findings }: ScanReport,
  destinations: readonly FormatDestination<ReporterName>[],
  { world, rules, config, sourceRoot }: ReportSetting,
): Promise<Anchoring> {
  return scanAnchors({
    findings,
    rules,
    cwd: world.cwd,
    sourceRoot,
    configFile: config?.file,
    workflowRef: world.env['GITHUB_WORKFLOW_REF'],
    signal: world.signal,
    written: destinations.flatMap(({ path }) => path ?? []),
  });
}
