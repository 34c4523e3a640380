import { type Run, runWhole } from './scanner.ts';

/** What runs of one command took, in the middle. */
export type Medians = Pick<Run, 'ms' | 'cpuMs' | 'megabytes'>;

/** Runs commands of Node.js in turns, so that whatever else the machine does slows each of them alike. */
export async function inTurns<Name extends string>(
  runs: number,
  commands: Readonly<Record<Name, readonly string[]>>,
): Promise<Readonly<Record<Name, Medians>>> {
  const all = Object.entries<readonly string[]>(commands).map(([name, argv]) => {
    return { name, argv, measured: [] as Run[] };
  });
  for (let run = 0; run < runs; run += 1)
    for (const { argv, measured } of all) measured.push(await runWhole(argv));
  const medians: Readonly<Record<string, Medians>> = Object.fromEntries(
    all.map(({ name, measured }) => [
      name,
      {
        ms: medianOf(measured, 'ms'),
        cpuMs: medianOf(measured, 'cpuMs'),
        megabytes: medianOf(measured, 'megabytes'),
      },
    ]),
  );
  return medians;
}

function medianOf(runs: readonly Run[], figure: keyof Medians): number {
  const sorted = runs.map((run) => run[figure]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
