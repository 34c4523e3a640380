import type { Plan } from '../model/plan.ts';
import type { ScanReport } from '../model/report.ts';
import type { Cloud } from '../model/settings.ts';
import { planMarkdown } from '../reporters/plan/markdown.ts';
import { planText } from '../reporters/plan/text.ts';
import { planJson } from '../remediation/plan-file.ts';
import type { PlanResult } from '../usecases/plan.ts';
import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import { type FormatDestination, readDestinations } from './destinations.ts';
import { lookOf } from './look.ts';
import type { World } from './world.ts';

/** How a plan can be shown. */
export const planFormats = ['text', 'json', 'markdown'] as const;

/** Where a plan goes, and in which form. */
type PlanDestination = FormatDestination<(typeof planFormats)[number]>;

/** Where `--out` and `--output` want the plan; the file of `--out` comes first. */
export function planDestinations({
  output,
  out,
}: {
  readonly output: readonly string[];
  readonly out?: string;
}): readonly PlanDestination[] {
  const shown = readDestinations(output, planFormats);
  return [...(out === undefined ? [] : [{ format: 'json', path: out } as const]), ...shown];
}

/** In words, what the scan and the plan could not read: a plan file has no place for it. */
export function gapsOf(report: ScanReport, { unreadable, gone }: PlanResult): readonly string[] {
  const ofScan = report.unreadable.map(({ scope, reason }) => `not scanned: ${scope}: ${reason}`);
  const ofPlan = unreadable.map(({ scope, reason, hint }) => `not planned: ${scope}: ${reason} ${hint}`);
  const untold = report.complete || ofScan.length > 0 ? [] : ['the scan was incomplete: run it again'];
  return [...ofScan, ...untold, ...ofPlan, ...gone.map((id) => `no longer there (deleted or moved): ${id}`)];
}

/** How a plan is shown. */
interface Showing {
  readonly world: World;
  readonly gaps: readonly string[];
  readonly cloud: Cloud;
  readonly color: boolean;
}

/** Writes a plan wherever it is wanted, and returns what did not get there. */
export async function writePlan(
  plan: Plan,
  destinations: readonly PlanDestination[],
  { world, gaps, cloud, color }: Showing,
): Promise<readonly LostDocument<PlanDestination>[]> {
  const planFile = destinations.find(({ format, path }) => format === 'json' && path !== undefined)?.path;
  const context = { gaps, cloud, ...(planFile === undefined ? {} : { planFile }) };
  const render = (destination: PlanDestination): Iterable<string> => {
    if (destination.format === 'json') return [planJson(plan)];
    if (destination.format === 'markdown') return planMarkdown(plan, context);
    return planText(plan, lookOf(destination, world, color), context);
  };
  return writeDocuments(destinations, render, world);
}
