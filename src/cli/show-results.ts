import type { ApplyReport } from '../model/apply.ts';
import { applyText } from '../reporters/apply/text.ts';
import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import type { FormatDestination } from './destinations.ts';
import { lookOf } from './look.ts';
import type { World } from './world.ts';

/** How results can be shown. */
export const resultFormats = ['text', 'json'] as const;
type Format = (typeof resultFormats)[number];

/** What shows results. */
interface Showing {
  readonly world: World;
  readonly color: boolean;
}

/** Writes the results of an apply wherever they are wanted, and returns what did not get there. */
export async function writeResults(
  report: ApplyReport,
  destinations: readonly FormatDestination<Format>[],
  { world, color }: Showing,
): Promise<readonly LostDocument<FormatDestination<Format>>[]> {
  const render = (to: FormatDestination<Format>): Iterable<string> =>
    rendered(report, to.format, lookOf(to, world, color));
  return writeDocuments(destinations, render, world);
}

function rendered(
  report: ApplyReport,
  format: Format,
  look: Parameters<typeof applyText>[1],
): Iterable<string> {
  return format === 'json' ? [`${JSON.stringify(report, null, 2)}\n`] : applyText(report, look);
}
