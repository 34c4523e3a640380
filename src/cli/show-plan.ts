import type { Plan } from '../model/plan.ts';
import type { ScanReport } from '../model/report.ts';
import { planMarkdown } from '../reporters/plan-markdown.ts';
import { planText } from '../reporters/plan-text.ts';
import { planJson } from '../remediation/plan-file.ts';
import type { PlanResult } from '../usecases/plan.ts';
import { type Destination, readDestinations, writeReport } from './destinations.ts';
import { lookOf } from './look.ts';
import type { World } from './world.ts';

/** How a plan can be shown. */
export const planFormats = ['text', 'json', 'markdown'] as const;

/** Where a plan goes, and in which form. */
type PlanDestination = Destination<(typeof planFormats)[number]>;

/** Files first, so that what a person reads ends the output. */
export function planDestinations({
  output,
  out,
}: {
  readonly output: readonly string[];
  readonly out?: string;
}): readonly PlanDestination[] {
  const shown = readDestinations(output, planFormats);
  const files = shown.filter(({ path }) => path !== undefined);
  const onStdout = shown.filter(({ path }) => path === undefined);
  return [...(out === undefined ? [] : [{ format: 'json', path: out } as const]), ...files, ...onStdout];
}

/** In words, what the scan and the plan could not look at. */
export function gapsOf(report: ScanReport, { unreadable, gone }: PlanResult): readonly string[] {
  const ofScan = report.unreadable.map(({ scope, reason }) => `not scanned: ${scope}: ${reason}`);
  const ofPlan = unreadable.map(({ scope, reason, hint }) => `not planned: ${scope}: ${reason} ${hint}`);
  return [...ofScan, ...ofPlan, ...gone.map((id) => `not there any more, deleted or moved: ${id}`)];
}

/** How a plan is shown. */
interface Showing {
  readonly gaps: readonly string[];
  readonly world: World;
  readonly options: { readonly color: boolean };
}

/** Writes a plan to a file or to standard output. */
export async function writePlan(
  plan: Plan,
  destination: PlanDestination,
  { gaps, world, options }: Showing,
): Promise<void> {
  const look = lookOf(destination, world, options.color);
  const renderings = {
    text: () => planText(plan, look, gaps),
    json: () => [planJson(plan)],
    markdown: () => planMarkdown(plan, gaps),
  };
  await writeReport(renderings[destination.format](), destination, world);
}
