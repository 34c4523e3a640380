import { noticeLine } from '../reporters/words/exemption.ts';
import type { ReadProgress, ScanActivity } from '../model/source.ts';
import { count } from '../reporters/words/counts.ts';
import type { ScanNotice, ScanProgress } from '../usecases/scan/ports.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import type { CommandContext } from './context.ts';
import type { ScanOptions } from './scan-options.ts';
import type { StatusLine } from './status-line.ts';
import { tell } from './terminal.ts';
import { debugLog } from './world.ts';

/** The surroundings of a scan from the command line: notices and progress go to standard error, unless `--quiet` is given. */
export function scanSurroundings(
  options: Pick<ScanOptions, 'quiet' | 'debug'>,
  { world, azure, tool }: CommandContext,
) {
  const isQuiet = options.quiet === true;
  return {
    ...world,
    ...debugLog(options, world),
    azure,
    version: tool.version,
    // Lines of a log come too often to draw between them.
    progress: isQuiet || options.debug !== undefined ? noProgressShown : progressOn(world.status),
    onNotice: async (notice: ScanNotice) => {
      if (!isQuiet) await tell(terminalText(noticeLine(notice)), world);
    },
  };
}

const noProgressShown: ScanProgress = { show: () => undefined, clear: async () => undefined };

/** A file that is read in less time than this is not worth a line. */
const patienceMs = 1000;

/** Chunks of a file come more often than anybody can read. */
const redrawMs = 100;

function progressOn({ show, clear }: StatusLine): ScanProgress {
  let dueAt: number | undefined;
  return {
    show(activity) {
      if (activity.kind === 'inventory') {
        const now = performance.now();
        dueAt ??= now + patienceMs;
        if (now < dueAt) return;
        dueAt = now + redrawMs;
      }
      show(terminalText(describe(activity)));
    },
    clear,
  };
}

function describe(activity: ScanActivity): string {
  if (activity.kind === 'read') return readWords(activity);
  if (activity.kind !== 'inventory') return activityWords[activity.kind];
  const { file, bytes, totalBytes } = activity;
  const total = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
  return `Reading ${file === '-' ? 'standard input' : file} · ${megabytes(bytes)}${total}`;
}

const activityWords: Readonly<Record<Exclude<ScanActivity['kind'], 'read' | 'inventory'>, string>> = {
  signIn: 'Signing in …',
  findScope: 'Finding the subscriptions …',
  code: 'Reading infrastructure code …',
};

function readWords({ subscriptions, pages, resources, waitingMs, lookedInto }: ReadProgress): string {
  const parts = [
    `Reading ${count(subscriptions, 'subscription')}`,
    count(pages, 'page'),
    count(resources, 'resource'),
    ...(lookedInto === undefined ? [] : [`${lookedInto} looked into`]),
    ...(waitingMs > 0 ? [`waiting ${Math.ceil(waitingMs / 1000)} s for the Resource Graph quota`] : []),
  ];
  return parts.join(' · ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
