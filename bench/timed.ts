import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, type Run } from './scanner.ts';

/** A program with its arguments, and the variables that it needs besides PATH and HOME. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard output goes; nowhere when left out. */
  readonly output?: 'kept';
}

/** A run of any program by GNU time, and what it printed. */
export interface TimedRun extends Run {
  readonly stdout: string;
}

/** Runs a program as a user would. Throws where GNU time is not installed, or the program ends with more than 3. */
export async function runTimed({ argv, env = {}, output }: Command): Promise<TimedRun> {
  const file = join(folder, 'timed');
  const child = spawn('/usr/bin/time', ['-o', file, '-f', '%e %U %S %M', ...argv], {
    cwd: folder,
    stdio: ['ignore', output === 'kept' ? 'pipe' : 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  const [code]: (number | null)[] = await once(child, 'close');
  if (code === null || code === undefined || code > 3)
    throw new Error(`${argv.slice(0, 3).join(' ')} ended with ${code}`);
  // A line before the last tells of an exit code that is not zero.
  const figures = readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
  const [elapsed = 0, user = 0, system = 0, kilobytes = 0] = figures.split(' ').map(Number);
  return {
    ms: elapsed * 1000,
    cpuMs: (user + system) * 1000,
    megabytes: kilobytes / 1024,
    code,
    stdout: Buffer.concat(parts).toString(),
  };
}

/** The medians of what two programs took, and the middle of their ratios, run by run. */
export interface Pair {
  readonly own: Run;
  readonly peer: Run;
  readonly ratio: Pick<Run, 'ms' | 'cpuMs' | 'megabytes'>;
}

/** Runs two programs in turns, so that whatever else the machine does slows both alike. */
export async function runInPairs(runs: number, own: Command, peer: Command): Promise<Pair> {
  const pairs: { readonly own: Run; readonly peer: Run }[] = [];
  for (let run = 0; run < runs; run += 1)
    pairs.push({ own: await runTimed(own), peer: await runTimed(peer) });
  const middle = (figure: (pair: (typeof pairs)[number]) => number): number => {
    const sorted = pairs.map(figure).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  const medianOf = (one: 'own' | 'peer'): Run => ({
    ms: middle((pair) => pair[one].ms),
    cpuMs: middle((pair) => pair[one].cpuMs),
    megabytes: middle((pair) => pair[one].megabytes),
    code: 0,
  });
  return {
    own: medianOf('own'),
    peer: medianOf('peer'),
    ratio: {
      ms: middle((pair) => pair.own.ms / pair.peer.ms),
      cpuMs: middle((pair) => pair.own.cpuMs / pair.peer.cpuMs),
      megabytes: middle((pair) => pair.own.megabytes / pair.peer.megabytes),
    },
  };
}
