import type { Config } from '../model/config.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { reporters } from '../reporters/index.ts';
import type { ReporterOptions } from '../reporters/reporter.ts';
import { ruleHelp } from '../rules/rule-help.ts';
import { checkoutOf, relativeInCheckout } from '../sources/checkout.ts';
import { fallbackAnchors } from '../usecases/anchors.ts';
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
  const { world, color } = setting;
  const shared = reporterOptions(destinations, setting);
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

function reporterOptions(
  destinations: readonly Destination[],
  { world, rules, config }: ReportSetting,
): Pick<ReporterOptions, 'anchor' | 'ruleHelp'> {
  const root = checkoutOf(world.cwd);
  const workflowRef = world.env['GITHUB_WORKFLOW_REF'];
  const help = new Map(rules.map((rule) => [rule.id, ruleHelp(rule)]));
  return {
    anchor: fallbackAnchors(rules, {
      inCheckout: (file) => relativeInCheckout(root, file),
      ...(config === undefined ? {} : { configFile: config.file }),
      ...(workflowRef === undefined ? {} : { workflowRef }),
      written: destinations.flatMap(({ path }) => path ?? []),
    }),
    ruleHelp(ruleId) {
      const found = help.get(ruleId);
      if (found === undefined) throw new Error(`the report names the rule ${ruleId}, which was not loaded`);
      return found;
    },
  };
}
