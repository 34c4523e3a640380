import { UsageError } from '../model/errors.ts';
import type { DeletedVault, ExpectedSubscriptions } from '../model/arm-ports.ts';
import { recoveryPlanText } from '../reporters/deleted-list.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { wallClock } from '../sources/wall-clock.ts';
import { changeRecycleBin, deletedExitCode, type RecycleBinRequest } from '../usecases/deleted.ts';
import { chooseAll, chooseDeleted } from '../usecases/choose-vaults.ts';
import type { DeletedListing } from '../usecases/deleted/list-deleted.ts';
import type { Obstacle } from '../usecases/deleted/preconditions.ts';
import { notRecovered } from '../usecases/deleted/wording.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import type { CommandContext } from './context.ts';
import { displayNames, openDeleted } from './deleted-list.ts';
import type { ChangeOptions } from './deleted-options.ts';
import { beginRun, refuseUnconfirmed } from './deleted-run.ts';
import { askToSend, showResults } from './run-results.ts';
import { tell, terminalOf } from './terminal.ts';
import type { World } from './world.ts';

/** The change of a recycle bin that a command asks for. */
export interface RecycleBinChange {
  readonly action: 'recover' | 'purge';
  readonly names: readonly string[];
}

/** Recovers or purges what is named, and returns the exit code. */
export async function changeCommand(
  { action, names }: RecycleBinChange,
  options: ChangeOptions,
  context: CommandContext,
): Promise<number> {
  const { world, tool } = context;
  checkChosen(names, options, world.now());
  const { destinations, journal, entries, guard, ...bound } = await beginRun(action, options, world);
  const { open, expected, listing, requestTimeoutMs } = await openDeleted({ ...options, ...bound }, context);
  const { dependants, ...ports } = open;
  await note(unseenWords(names, listing), options, world);
  const { found } = expected;
  const deleted =
    options.all === true
      ? chooseAll(options.deletedSince, { listing, entries, found })
      : chooseDeleted(names, { action, listing, entries, found });
  if (action === 'purge')
    refuseUnconfirmed(
      { name: deleted[0]?.vault.name, lost: 'every key, secret and certificate in it' },
      options,
    );
  const { subscriptions } = open;
  await guard({ subscriptions, signal: world.signal })(deleted.map(({ vault }) => ({ vault, risks: [] })));
  // Nothing depends any more on what an earlier run has purged; but it must be seen to be gone.
  const mayBeThere = listing.unreadable.length > 0 || deleted.some((one) => listing.deleted.includes(one));
  const isSearched = options.allowDependants !== true && mayBeThere;
  const failures: unknown[] = [];
  const report = await changeRecycleBin({
    tool,
    action,
    deleted,
    ...ports,
    ...(isSearched ? { dependants } : {}),
    journal,
    sender: open.openSender(),
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    signal: world.signal,
    requestTimeoutMs,
    ...consentOf(action, options, { expected, listing, world }),
    onNotChecked: (sentences) => note(sentences, options, world),
    onFailure: (error) => failures.push(error),
  });
  const { color, all } = options;
  const isPartial = all === true && listing.unreadable.length > 0;
  const code = isPartial ? exitCodes.incomplete : deletedExitCode(report);
  return showResults(report, { destinations, failures, code, color }, world);
}

async function note(
  sentences: readonly string[],
  { quiet }: Pick<ChangeOptions, 'quiet'>,
  world: World,
): Promise<void> {
  if (quiet !== true) for (const text of sentences) await tell(terminalText(text), world);
}

interface Consent {
  readonly expected: ExpectedSubscriptions;
  readonly listing: DeletedListing;
  readonly world: World;
}

/** The way in which a person agrees: a purge by its exact name, a recovery by an answer or by --yes. */
function consentOf(
  action: RecycleBinChange['action'],
  options: ChangeOptions,
  of: Consent,
): Pick<RecycleBinRequest, 'confirm' | 'leavesOut'> {
  if (action === 'purge') return {};
  const { all, yes } = options;
  if (all !== true && (yes === true || of.world.ask === undefined))
    return yes === true ? {} : { confirm: async (chosen) => askToSend(recoverQuestion(chosen), of.world) };
  return {
    ...(all === true ? { leavesOut: true } : {}),
    confirm: async (chosen, obstacles) => {
      await showPlan({ chosen, obstacles }, options, of);
      const possible = chosen.filter(({ id }) => !obstacles.has(id));
      if (yes === true || possible.length === 0) return true;
      return askToSend(all === true ? questionAbout(possible.length) : recoverQuestion(chosen), of.world);
    },
  };
}

function questionAbout(amount: number): string {
  return `Recover ${amount === 1 ? 'it' : `these ${amount}`}?`;
}

function recoverQuestion(deleted: readonly DeletedVault[]): string {
  return `Recover ${deleted.map(({ vault }) => vault.name).join(', ')}?`;
}

interface Chosen {
  readonly chosen: readonly DeletedVault[];
  readonly obstacles: ReadonlyMap<string, Obstacle>;
}

/** Shows on standard error what would be recovered, and what could not be read: even with --quiet, since consent is to it. */
async function showPlan(
  { chosen, obstacles }: Chosen,
  { color, deletedSince }: ChangeOptions,
  { expected: { found }, listing: { unreadable }, world }: Consent,
): Promise<void> {
  const steps = chosen.map((one) => {
    const obstacle = obstacles.get(one.id)?.cause;
    const { vault, deletionDate } = one;
    return { vault, deletionDate, ...(obstacle === undefined ? {} : { obstacle }) };
  });
  const { stderr, env } = world;
  const terminal = terminalOf({}, { stdout: stderr, env }, color);
  const nameOf = displayNames(found);
  for (const text of recoveryPlanText(steps, { terminal, nameOf })) await stderr.write(text);
  if (steps.some(({ obstacle }) => obstacle === undefined)) await tell(notRecovered, world);
  const since = deletedSince === undefined ? '' : ` since ${deletedSince.toISOString()}`;
  if (steps.length === 0) await tell(`Nothing that can be seen was deleted${since}.`, world);
  for (const { scope, reason, hint } of unreadable)
    await tell(terminalText(`${nameOf(scope)}: not read. ${reason} ${hint}`), world);
}

/** A sentence where another one of a name would not have been seen; an id names one. */
function unseenWords(names: readonly string[], { unreadable }: DeletedListing): readonly string[] {
  const [gap] = unreadable;
  if (gap === undefined || names.every((name) => name.startsWith('/'))) return [];
  const what = unreadable.length === 1 ? 'A recycle bin' : `${unreadable.length} recycle bins`;
  return [
    `${what} could not be read, where another one of that name would not be seen: ${gap.reason} ${gap.hint}`,
  ];
}

/** Refuses both names and --all, and neither of them. */
function checkChosen(names: readonly string[], { all, deletedSince }: ChangeOptions, now: Date): void {
  if (all === true && names.length > 0)
    throw new UsageError('--all recovers everything: it takes no names.', 'Leave out one of the two.');
  if (deletedSince !== undefined && deletedSince > now)
    throw new UsageError(
      `--deleted-since ${deletedSince.toISOString()} lies in the future.`,
      'Name a day that has begun, in UTC.',
    );
  if (all === true) return;
  if (deletedSince !== undefined)
    throw new UsageError('--deleted-since limits --all.', 'Add --all, or leave it out.');
  if (names.length === 0)
    throw new UsageError('Nothing is named.', 'Name what to recover, or add --all to recover everything.');
}
