import type { ApplyReport } from '../model/apply.ts';
import { applyText } from '../reporters/apply-text.ts';
import { type Destination, writeReport } from './destinations.ts';
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

/**
 * Writes the results of an apply wherever they are wanted, and returns what went wrong with that. Throws it where nothing
 * was sent: then the command may be given again.
 */
export async function writeResults(
  report: ApplyReport,
  destinations: readonly Destination<Format>[],
  { world, color }: Showing,
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const sent = report.results.some((result) => result.sent);
  const shown = destinations.some(({ path }) => path === undefined);
  const write = async (to: Destination<Format>): Promise<void> =>
    writeReport(rendered(report, to.format, lookOf(to, world, color)), to, world);
  for (const destination of destinations) {
    try {
      await write(destination);
    } catch (error) {
      if (!sent) throw error;
      failures.push(error);
      // The results of what was sent must not be lost.
      if (!shown) await write({ format: destination.format });
    }
  }
  return failures;
}

function rendered(
  report: ApplyReport,
  format: Format,
  look: Parameters<typeof applyText>[1],
): Iterable<string> {
  return format === 'json' ? [`${JSON.stringify(report, null, 2)}\n`] : applyText(report, look);
}
