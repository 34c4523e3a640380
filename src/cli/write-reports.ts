import { join, resolve } from 'node:path';
import type { Config } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { reporters } from '../reporters/index.ts';
import type { ReporterOptions } from '../reporters/reporter.ts';
import { checkoutOf, relativeInCheckout } from '../sources/checkout.ts';
import { fallbackAnchors, workflowFileIn } from '../usecases/anchors.ts';
import { reportOptions } from '../usecases/report-options.ts';
import { wantsColor } from './color.ts';
import { type Destination, writeReport } from './destinations.ts';
import type { World } from './world.ts';

/** What reports are made with, beside the report itself. */
export interface ReportSetting {
  readonly world: World;
  readonly rules: readonly Rule[];
  readonly config: Config | undefined;
  /** False when the user asked for no colours. */
  readonly color: boolean;
}

const widthWithoutTerminal = 120;

/** Writes every report that was asked for: files first, so that a table on the terminal ends the output. */
export async function writeReports(
  report: ScanReport,
  destinations: readonly Destination[],
  setting: ReportSetting,
): Promise<void> {
  const { world, rules, color } = setting;
  const shared = reportOptions(rules, await anchors(destinations, setting));
  const filesFirst = destinations.toSorted(
    (a, b) => Number(a.path === undefined) - Number(b.path === undefined),
  );
  for (const destination of filesFirst) {
    const toTerminal = destination.path === undefined;
    const options: ReporterOptions = {
      ...shared,
      color: toTerminal && color && wantsColor(world.stdout, world.env),
      width: toTerminal && world.stdout.columns > 0 ? world.stdout.columns : widthWithoutTerminal,
    };
    await writeReport(reporters[destination.format](report, options), destination, world);
  }
}

async function anchors(
  destinations: readonly Destination[],
  { world, rules, config }: ReportSetting,
): Promise<(finding: Finding) => Location> {
  const root = await checkoutOf(world.cwd);
  const workflowFile = workflowFileIn(world.env['GITHUB_WORKFLOW_REF']);
  return fallbackAnchors(rules, {
    inCheckout: (file) => relativeInCheckout(root, resolve(world.cwd, file)),
    ...(config === undefined ? {} : { configFile: config.file }),
    ...(workflowFile === undefined ? {} : { workflowFile: join(root, workflowFile) }),
    written: destinations.flatMap(({ path }) => path ?? []),
  });
}
