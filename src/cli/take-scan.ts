import type { Problem } from '../model/errors.ts';
import type { Config } from '../model/config.ts';
import type { ScanReport } from '../model/report.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { openSource } from '../sources/open-source.ts';
import { policyFiles } from '../files/policy-files.ts';
import { expiredExemptions } from '../usecases/settings/expired-exemptions.ts';
import { preparePolicies, type ScanPolicies } from '../usecases/settings/load-policies.ts';
import { openAndScan } from '../usecases/scan/open-and-scan.ts';
import { readSettings } from '../usecases/settings/read-settings.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import type { CommandContext } from './context.ts';
import { debugLog, type ScanOptions, toScanFlags } from './flags.ts';
import { namedPaths } from './named-paths.ts';
import { progressLine } from './progress.ts';

/** What flags and configuration file come to, loaded and compiled. */
export interface PreparedScan extends ScanPolicies {
  readonly config: Config | undefined;
  readonly settings: ScanSettings;
  /** Every file that decides what the scan says, the inventory included; `-` is standard input. */
  readonly filesRead: readonly string[];
}

/** Reads the configuration, the rules and the exemptions; reports rules that never apply and exemptions that have expired. */
export async function prepareScan(
  options: ScanOptions,
  { world }: Pick<CommandContext, 'world'>,
): Promise<PreparedScan> {
  const read = new Set<string>();
  const files = policyFiles(world, (path) => read.add(path));
  const { config, settings } = await readSettings(
    { flags: toScanFlags(options), config: options.config, paths: namedPaths(options) },
    files,
  );
  const policies = await preparePolicies(settings, files);
  const notices = [...policies.neverApply, ...expiredExemptions(policies.exemptions, world.now())];
  await tellNotices(notices, options, world);
  const { inventory } = settings;
  const filesRead = [...read, ...(inventory === undefined ? [] : [inventory])];
  return { ...policies, config, settings, filesRead };
}

/** Scans what the settings name, with progress on a terminal. */
export async function takeScan(
  { settings, ...policies }: PreparedScan,
  options: ScanOptions,
  { world, azure, tool }: CommandContext,
): Promise<ScanReport> {
  const progress = progressLine(world.stderr, options.quiet !== true);
  const notices: Problem[] = [];
  const report = await openAndScan({
    tool,
    policies,
    full: options.full === true,
    open: (needs) =>
      openSource(settings, {
        cwd: world.cwd,
        stdin: world.stdin,
        version: tool.version,
        azure,
        ...debugLog(options, world),
        onProgress: progress.show,
        ...needs,
      }),
    now: world.now,
    includeCompliant: settings.includeCompliant,
    signal: world.signal,
    onNotice: (notice) => notices.push(notice),
  }).finally(progress.clear);
  await tellNotices(notices, options, world);
  return report;
}

async function tellNotices(
  notices: readonly Problem[],
  { quiet }: ScanOptions,
  { stderr }: CommandContext['world'],
): Promise<void> {
  if (quiet === true) return;
  for (const { file, line, column, message } of notices)
    await stderr.write(`${terminalText(`${file}:${line}:${column}  ${message}`)}\n`);
}
