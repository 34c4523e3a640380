import type { ScanNotice, ScanPorts } from '../usecases/scan/ports.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { scanPorts } from '../sources/scan-ports.ts';
import type { CommandContext } from './context.ts';
import { progressLine } from './progress.ts';
import { debugLog, type ScanOptions } from './scan-options.ts';

/** The ports of a scan from the command line: notices and progress go to standard error, unless `--quiet` is given. */
export function commandLinePorts(
  options: Pick<ScanOptions, 'quiet' | 'debug'>,
  { world, azure, tool }: CommandContext,
): ScanPorts {
  const isQuiet = options.quiet === true;
  return scanPorts({
    ...world,
    ...debugLog(options, world),
    azure,
    version: tool.version,
    progress: progressLine(world.stderr, !isQuiet),
    onNotice: async ({ file, line, column, message }: ScanNotice) => {
      if (isQuiet) return;
      await world.stderr.write(`${terminalText(`${file}:${line}:${column}  ${message}`)}\n`);
    },
  });
}
