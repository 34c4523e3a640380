import { writeDocuments } from '../files/destinations/write.ts';
import { UsageError } from '../model/errors.ts';
import type { ApplyFormat, ShownRun } from '../reporters/apply.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import type { FormatDestination } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { terminalOf } from './terminal.ts';
import type { World } from './world.ts';

/** The end of a run that writes: where its results go, what failed once something was sent, and its exit code. */
export interface EndedRun {
  readonly destinations: readonly FormatDestination<ApplyFormat>[];
  readonly failures: readonly unknown[];
  readonly code: number;
  readonly color: boolean;
  /** The names of subscriptions by id, where they are known. */
  readonly nameOf?: (subscriptionId: string) => string;
}

/** Writes the results of a run, and returns the exit code of the command: results that get lost after a write are 3. */
export async function showResults(
  report: ShownRun,
  { destinations, failures, code, color, nameOf }: EndedRun,
  world: World,
): Promise<number> {
  const sent = report.results.some((result) => result.sent);
  if (sent) world.onLostOutput?.(exitCodes.incomplete);
  for (const failure of failures) await world.stderr.write(describeFailure(failure));
  const lost = await writeDocuments(
    destinations,
    (to) =>
      to.format.render(report, {
        ...terminalOf(to, world, color),
        ...(nameOf === undefined ? {} : { nameOf }),
      }),
    world,
  );
  const lostCode = sent ? exitCodes.incomplete : exitCodes.refused;
  return exitCodeWith(lost, failures.length > 0 ? exitCodes.incomplete : code, { ...world, lostCode });
}

/** Asks a person whether to send. Throws UsageError where there is no terminal to ask on. */
export async function askToSend(question: string, { ask }: Pick<World, 'ask'>): Promise<boolean> {
  if (ask !== undefined) return ask(question);
  throw new UsageError(
    'Nothing was sent: confirmation is required, and there is no terminal to ask on.',
    'Add --yes to go on without confirmation.',
  );
}
