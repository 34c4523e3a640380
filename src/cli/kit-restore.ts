import { join } from 'node:path';
import { checkDestinations } from '../files/destinations/check.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { isUnchanged, kitFiles, readKit } from '../files/kit-folder.ts';
import { restoreKit } from '../remediation/kit/steps.ts';
import { kitBicep } from '../reporters/kit/bicep.ts';
import { type KitRestoreFormat, kitRestoreFormats } from '../reporters/kit/restore.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { kitExitCode } from '../usecases/kit/make-kit.ts';
import type { CommandContext } from './context.ts';
import { readDestinations } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { terminalOf } from './terminal.ts';

/** The flags of printing the commands. */
export interface RestoreOptions {
  readonly output: readonly string[];
  readonly color: boolean;
}

/** Prints the commands that put a kit back, and returns the exit code. Azure is not asked. */
export async function restoreCommand(
  dir: string,
  options: RestoreOptions,
  { world }: CommandContext,
): Promise<number> {
  const destinations = readDestinations<KitRestoreFormat>(options.output, kitRestoreFormats);
  const folder = { path: dir, cwd: world.cwd };
  await checkDestinations(destinations, { cwd: world.cwd, files: [join(dir, kitFiles.json)] });
  const kit = await readKit(folder);
  const restore = restoreKit(kit, (bicep) => asPath(join(dir, bicep)));
  for (const one of restore.vaults) {
    const { bicep: name } = one.vault;
    if (await isUnchanged(folder, { name, text: [...kitBicep(one, kit)].join('') })) continue;
    await world.stderr.write(
      `CHECK FIRST: ${terminalText(join(dir, name))} is missing, or is not what kit.json says: it was edited, or this is another version.\n`,
    );
  }
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(restore, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, kitExitCode(kit), world);
}

/** az takes what begins with - for a flag, and what begins with @ for the name of a file to read. */
function asPath(path: string): string {
  return /^[-@]/.test(path) ? `./${path}` : path;
}
