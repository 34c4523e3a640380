import { Command, type Option } from 'commander';
import type { Destination } from '../model/destination.ts';
import type { PlanCommands } from '../reporters/plan/format.ts';
import type { NextCommands } from '../reporters/scan/format.ts';
import { type ListedScanFormat, scanReportFormats } from '../reporters/scan/formats.ts';
import { shellCommand } from '../reporters/text/shell.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import {
  addCommonFlags,
  addInventoryFlag,
  addReadFlags,
  addReportFlags,
  addViewFlags,
  outputFlag,
} from './flags.ts';

/** A scan that is over. */
interface Finished {
  readonly settings: ScanSettings;
  readonly destinations: readonly (Destination & { readonly format: ListedScanFormat })[];
}

/** The commands that go on from a scan with the arguments `argv`: with its scope, its rules and its configuration. */
export function nextCommands(argv: readonly string[], finished: Finished): NextCommands {
  const { target, policies, defaultPolicies } = finished.settings;
  const own = policies.flatMap((path) => ['--policies', path]);
  const flags = defaultPolicies ? own : [...own, '--no-default-policies'];
  const rule = (id: string): string => command(['rules', 'show', id, ...flags]);
  // Nothing can be read from standard input again.
  if (target.kind === 'inventory' && target.file === '-') return { plan: [], rule };
  const everything = inFull(argv);
  // A plan is made for what is there now.
  if (target.kind === 'archive') return { everything, plan: [], rule };
  const [, ...kept] = without(argv, [...viewOptions, ...addReadFlags(addReportFlags(new Command())).options]);
  return { everything, plan: commandsToPlan(kept, finished).map(command), rule };
}

/** The commands that go on from a plan with the arguments `argv`. */
export function planCommands(
  argv: readonly string[],
  { verbose, isWritten }: { readonly verbose: boolean; readonly isWritten: boolean },
): PlanCommands {
  const plan = without(argv, [...viewOptions, outputFlag({})]);
  const toFile = isWritten ? argv : [...plan, '--out', 'plan.json'];
  return {
    ...(verbose ? {} : { everything: inFull(argv) }),
    toFile: command(toFile),
    disruptive: command([...toFile, '--allow', 'disruptive']),
  };
}

/** The command with the arguments `argv`, with all that it can show. */
export function inFull(argv: readonly string[]): string {
  const shown = viewOptions.filter(({ long }) => long !== '--show-severity');
  return command([...without(argv, shown), '--verbose']);
}

const viewOptions = addViewFlags(addCommonFlags(new Command())).options;

/** A plan is proved on live vaults, so one for an inventory is made from a report. */
function commandsToPlan(
  flags: readonly string[],
  { destinations, settings }: Finished,
): readonly (readonly string[])[] {
  const plan = ['plan', ...flags];
  if (settings.target.kind === 'live') return [[...plan, '--out', 'plan.json']];
  // Code is corrected where it is written.
  if (settings.target.kind !== 'inventory') return [];
  const saved = destinations.find(
    ({ format, path }) => format === scanReportFormats.json && path !== undefined,
  );
  const report = saved?.path ?? 'report.json';
  const fromReport = without(plan, addInventoryFlag(new Command()).options);
  return [
    ...(saved === undefined ? [['scan', ...flags, '--output', `json=${report}`]] : []),
    [...fromReport, '--from', report, '--out', 'plan.json'],
  ];
}

function command(words: readonly string[]): string {
  return shellCommand(['purgeproof', ...words]);
}

/** The arguments without these options and their values, spelled long or short: `--output json`, `-o json`, `-ojson`, `-qv`. */
function without(argv: readonly string[], options: readonly Option[]): readonly string[] {
  const kept: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const isLong = word.startsWith('--');
    const name = isLong ? word.replace(/=.*$/s, '') : word.slice(0, 2);
    const option = options.find(({ long, short }) => name === (isLong ? long : short));
    if (option === undefined) kept.push(word);
    else if (!option.required) kept.push(...(isLong ? [] : without(clusterAfter(word), options)));
    else if (word === name) index += 1;
  }
  return kept;
}

/** The flags that stand behind the first one of a cluster: `-v` of `-qv`. */
function clusterAfter(word: string): readonly string[] {
  return word.length > 2 ? [`-${word.slice(2)}`] : [];
}
