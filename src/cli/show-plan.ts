import type { Unreadable } from '../model/coverage.ts';
import type { Plan } from '../model/plan.ts';
import type { ScanReport } from '../model/report.ts';
import type { Cloud } from '../model/cloud.ts';
import type { PlanCommands, PlanFormat, PlanGap } from '../reporters/plan/format.ts';
import { planFormats } from '../reporters/plan/formats.ts';
import { gapWords, resourceWords } from '../reporters/words/coverage.ts';
import { subscriptionNames } from '../reporters/words/scope.ts';
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

/** Everything that the scan and the plan could not read: a plan file has no field for it. */
export function gapsOf(report: ScanReport, { unreadable, gone }: PlanResult): readonly PlanGap[] {
  const nameOf = subscriptionNames(report);
  const gap =
    (kind: string) =>
    (entry: Unreadable): PlanGap => ({
      text: `${kind}: ${gapWords(entry, nameOf)}: ${entry.reason}`,
      hint: entry.hint,
    });
  const ofScan = report.unreadable.map(gap('not scanned'));
  const isUnexplained = !report.complete && ofScan.length === 0;
  return [
    ...ofScan,
    ...(isUnexplained ? [{ text: 'The scan was incomplete.', hint: 'Run it again.' }] : []),
    ...unreadable.map(gap('not planned')),
    ...gone.map((id) => ({
      text: `no longer there (deleted or moved): ${resourceWords(id) ?? id}`,
      hint: '',
    })),
  ];
}

/** The surroundings of a plan's documents. */
interface PlanOutput {
  readonly world: World;
  readonly gaps: readonly PlanGap[];
  readonly heldBack: number;
  readonly cloud: Cloud;
  readonly color: boolean;
  readonly verbose: boolean;
  /** Those that go on from it, by whether it was written to a file. */
  readonly commands: (isWritten: boolean) => PlanCommands;
}

/** Writes a plan to each destination, and returns the documents that could not be written. */
export async function writePlan(
  plan: Plan,
  destinations: readonly PlanDestination[],
  { world, gaps, heldBack, cloud, color, verbose, commands }: PlanOutput,
): Promise<readonly LostDocument<PlanDestination>[]> {
  const planFile = destinations.find(
    ({ format, path }) => format === planFormats.json && path !== undefined,
  )?.path;
  const context = {
    gaps,
    heldBack,
    cloud,
    ...(planFile === undefined ? {} : { planFile }),
    ...(verbose ? { detail: 'full' as const } : {}),
    commands: commands(planFile !== undefined),
  };
  return writeDocuments(
    destinations,
    (to) => to.format.render(plan, { ...context, terminal: terminalOf(to, world, color) }),
    world,
  );
}
