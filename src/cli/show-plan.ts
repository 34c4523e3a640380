import type { Plan } from '../model/plan.ts';
import type { ScanReport } from '../model/report.ts';
import type { Cloud } from '../model/cloud.ts';
import type { PlanFormat } from '../reporters/plan/format.ts';
import { planFormats } from '../reporters/plan/formats.ts';
import type { PlanResult } from '../usecases/plan.ts';
import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import { type FormatDestination, readDestinations } from './destinations.ts';
import { terminalOf } from './terminal.ts';
import type { World } from './world.ts';

type PlanDestination = FormatDestination<PlanFormat>;

/** The destinations of `--out` and `--output`; the file of `--out` comes first. */
export function planDestinations({
  output,
  out,
}: {
  readonly output: readonly string[];
  readonly out?: string;
}): readonly PlanDestination[] {
  const shown = readDestinations<PlanFormat>(output, planFormats);
  return [...(out === undefined ? [] : [{ format: planFormats.json, path: out }]), ...shown];
}

/** Sentences for everything that the scan and the plan could not read: a plan file has no field for it. */
export function gapsOf(report: ScanReport, { unreadable, gone }: PlanResult): readonly string[] {
  const ofScan = report.unreadable.map(({ scope, reason }) => `not scanned: ${scope}: ${reason}`);
  const ofPlan = unreadable.map(({ scope, reason, hint }) => `not planned: ${scope}: ${reason} ${hint}`);
  const unexplained = report.complete || ofScan.length > 0 ? [] : ['the scan was incomplete: run it again'];
  return [
    ...ofScan,
    ...unexplained,
    ...ofPlan,
    ...gone.map((id) => `no longer there (deleted or moved): ${id}`),
  ];
}

/** The surroundings of a plan's documents. */
interface PlanOutput {
  readonly world: World;
  readonly gaps: readonly string[];
  readonly cloud: Cloud;
  readonly color: boolean;
}

/** Writes a plan to each destination, and returns the documents that could not be written. */
export async function writePlan(
  plan: Plan,
  destinations: readonly PlanDestination[],
  { world, gaps, cloud, color }: PlanOutput,
): Promise<readonly LostDocument<PlanDestination>[]> {
  const planFile = destinations.find(
    ({ format, path }) => format === planFormats.json && path !== undefined,
  )?.path;
  const context = { gaps, cloud, ...(planFile === undefined ? {} : { planFile }) };
  return writeDocuments(
    destinations,
    (to) => to.format.render(plan, { ...context, terminal: terminalOf(to, world, color) }),
    world,
  );
}
