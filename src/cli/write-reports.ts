import type { Config } from '../model/config.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { ScanReportFormat } from '../reporters/scan/format.ts';
import { scanAnchors } from '../files/checkout/scan-anchors.ts';
import type { Anchoring } from '../usecases/anchors/declared-anchors.ts';
import { ruleHelpOf } from '../usecases/report/rule-help.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import type { FormatDestination } from './destinations.ts';
import { terminalOf } from './terminal.ts';
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
  destinations: readonly FormatDestination<ScanReportFormat>[],
  setting: ReportSetting,
): Promise<readonly LostDocument<FormatDestination<ScanReportFormat>>[]> {
  const { world, rules, color, quiet, category } = setting;
  const { anchor, notes } = await anchors(report, destinations, setting);
  if (!quiet) for (const note of notes) await world.stderr.write(`${terminalText(note)}\n`);
  const context = {
    ruleHelp: ruleHelpOf(rules),
    codeScanning: { anchor, ...(category === undefined ? {} : { category }) },
  };
  return writeDocuments(
    destinations,
    (to) => to.format.render(report, { ...context, terminal: terminalOf(to, world, color) }),
    world,
  );
}

function anchors(
  { findings }: ScanReport,
  destinations: readonly FormatDestination<ScanReportFormat>[],
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
