import type { LostDocument } from '../files/destinations/write.ts';
import type { Destination } from '../model/destination.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import type { World } from './world.ts';

/**
 * The exit code of a command once its documents are written: `code` if every document got to its destination.
 * Otherwise reports on standard error which did not and why, and returns `lostCode`, 2 by default.
 */
export async function exitCodeWith(
  lost: readonly LostDocument<Destination>[],
  code: number,
  { stderr, lostCode = exitCodes.refused }: Pick<World, 'stderr'> & { readonly lostCode?: number },
): Promise<number> {
  for (const { error } of lost) await stderr.write(describeFailure(error));
  return lost.length > 0 ? lostCode : code;
}
