import { count } from '../reporters/words/counts.ts';
import type { ScanNotice, ScanProgress } from '../usecases/scan/ports.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import type { CommandContext } from './context.ts';
import { type ScanOptions } from './scan-options.ts';
import { debugLog } from './world.ts';
import type { ReadProgress } from '../model/source.ts';
import type { TextStream } from './world.ts';

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
    progress: progressLine(world.stderr, !isQuiet),
    onNotice: async ({ file, line, column, message }: ScanNotice) => {
      if (isQuiet) return;
      await world.stderr.write(`${terminalText(`${file}:${line}:${column}  ${message}`)}\n`);
    },
  };
}

const eraseLine = '\r\u001b[2K';

/** One line on a terminal that is drawn over and leaves no trace; silent unless the stream is a terminal and `wanted`. */
function progressLine(stream: TextStream, wanted: boolean): ScanProgress {
  if (!stream.isTTY || !wanted) return { show: () => undefined, clear: async () => undefined };
  return {
    show(progress) {
      const line = describe(progress).slice(0, Math.max(10, stream.columns - 1));
      void stream.write(`${eraseLine}${line}`);
    },
    clear: () => stream.write(eraseLine),
  };
}

function describe({ subscriptions, pages, resources, waitingMs, lookedInto }: ReadProgress): string {
  const parts = [
    `Reading ${count(subscriptions, 'subscription')}`,
    count(pages, 'page'),
    count(resources, 'vault'),
    ...(lookedInto === undefined ? [] : [`${lookedInto} looked into`]),
    ...(waitingMs > 0 ? [`waiting ${Math.ceil(waitingMs / 1000)} s for the Resource Graph quota`] : []),
  ];
  return parts.join(' · ');
}
