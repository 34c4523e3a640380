import { join } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { checkKitFolder, kitFiles, readKit, writeKit } from '../files/kit-folder.ts';
import { type Cloud, clouds } from '../model/cloud.ts';
import { UsageError } from '../model/errors.ts';
import type { KitRestore } from '../model/kit.ts';
import { restoreKit } from '../remediation/kit/steps.ts';
import { asJson } from '../reporters/format.ts';
import { kitBicep } from '../reporters/kit/bicep.ts';
import { type KitDifferenceFormat, kitDifferenceFormats } from '../reporters/kit/difference.ts';
import { kitRunbook } from '../reporters/kit/restore.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { recycleBinTypes } from '../resource-types/known-type.ts';
import { chooseVaults, isVaultId } from '../usecases/choose-vaults.ts';
import { compareKit, kitDifferenceExitCode, kitExitCode, makeKit } from '../usecases/kit.ts';
import { type CommandContext, connectOptions } from './context.ts';
import { readDestinations } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { gapLines, terminalOf } from './terminal.ts';
import type { DebugDetail } from './world.ts';

/** The flags of a command about kits that asks Azure. */
export interface KitOptions {
  /** Without it, that of the kit, or the public one. */
  readonly cloud?: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly output: readonly string[];
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: DebugDetail;
}

/** The flags of making a kit. */
export interface MakeOptions extends Omit<KitOptions, 'output'> {
  readonly out?: string;
  readonly subscription: readonly string[];
}

async function open(options: Omit<KitOptions, 'output'>, context: CommandContext) {
  const connection = connectOptions(options, context);
  const { openKit } = await import('../sources/open-readers.ts');
  return openKit(connection);
}

/** Runs a command that only reads until its end: one that is interrupted has written nothing. */
async function unlessInterrupted(
  { world: { signal, stderr } }: CommandContext,
  act: () => Promise<number>,
): Promise<number> {
  try {
    return await act();
  } catch (error) {
    if (!signal.aborted) throw error;
    await stderr.write('Interrupted: nothing was written.\n');
    return exitCodes.incomplete;
  }
}

/** Writes a kit, and returns the exit code. */
export async function makeCommand(
  words: readonly string[],
  options: MakeOptions,
  context: CommandContext,
): Promise<number> {
  return unlessInterrupted(context, async () => make(words, options, context));
}

async function make(
  words: readonly string[],
  options: MakeOptions,
  context: CommandContext,
): Promise<number> {
  const { world, tool } = context;
  const { now, signal, cwd } = world;
  const { out = '' } = options;
  if (out === '')
    throw new UsageError('A kit needs a folder.', 'Name it: `purgeproof kit <vault> --out <folder>`');
  const folder = { path: out, cwd };
  await checkKitFolder(folder, undefined);
  const opened = await open(options, context);
  const visible = words.every(isVaultId) ? [] : await opened.visible(options.subscription, signal);
  const chosen = chooseVaults(words, { visible, types: recycleBinTypes });
  const { cloud = clouds[0] } = options;
  const kit = await makeKit({ tool, cloud, chosen, now: now(), signal, ...opened });
  const restore = restoreKit(kit, (bicep) => bicep);
  await checkKitFolder(
    folder,
    kit.vaults.map(({ bicep }) => bicep),
  );
  await writeKit(folder, [
    ...restore.vaults.map((one) => ({ name: one.vault.bicep, chunks: () => kitBicep(one, kit) })),
    { name: kitFiles.runbook, chunks: () => kitRunbook(restore) },
    { name: kitFiles.json, chunks: () => asJson.render(kit, undefined) },
  ]);
  if (options.quiet !== true)
    await world.stderr.write(`Read ${terminalText(join(out, kitFiles.runbook))} first.\n`);
  await world.stderr.write(gapLines(gapsOf(restore)));
  return kitExitCode(kit);
}

/** The gaps of a kit, which even --quiet does not leave out. */
function gapsOf({ kit }: KitRestore): Parameters<typeof gapLines>[0] {
  return kit.vaults.flatMap(({ name, parts }) =>
    parts.flatMap((part) =>
      part.state === 'read'
        ? []
        : [{ text: `not in the kit of ${name}: ${part.name}: ${part.reason}`, hint: part.hint }],
    ),
  );
}

/** Compares a kit with Azure, and returns the exit code. */
export async function diffCommand(
  dir: string,
  options: KitOptions,
  context: CommandContext,
): Promise<number> {
  return unlessInterrupted(context, async () => diff(dir, options, context));
}

async function diff(dir: string, options: KitOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = readDestinations<KitDifferenceFormat>(options.output, kitDifferenceFormats);
  const folder = { path: dir, cwd: world.cwd };
  await checkDestinations(destinations, {
    cwd: world.cwd,
    files: [join(dir, kitFiles.json), ...signInFiles(world.env)],
  });
  const kit = await readKit(folder);
  const { signal, now } = world;
  const difference = await compareKit(kit, {
    ...(await open({ cloud: kit.cloud, ...options }, context)),
    signal,
    now: now(),
  });
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(difference, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, kitDifferenceExitCode(difference), world);
}
