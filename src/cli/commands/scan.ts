import type { Command } from 'commander';
import type { Problem } from '../../model/errors.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { readCategory } from '../../usecases/category.ts';
import { scanExitCode } from '../../usecases/exit-code.ts';
import { expiredExemptions } from '../../usecases/expired-exemptions.ts';
import { scan } from '../../usecases/scan.ts';
import { mergeSettings } from '../../usecases/scan-settings.ts';
import { policyFiles } from '../../sources/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import {
  addCommonFlags,
  addReportFlags,
  addRuleFlags,
  addScopeFlags,
  type ScanOptions,
  toScanFlags,
} from '../flags.ts';
import { scannedTypes } from '../../model/resource.ts';
import { pushDown } from '../../rules/kql/push-down.ts';
import { preparePolicies, readConfig } from '../../usecases/load-policies.ts';
import { openSource } from '../../sources/open-source.ts';
import { progressLine } from '../progress.ts';
import { writeReports } from '../write-reports.ts';

const examples = `
Examples:
  purgeproof scan                                          every subscription that you can see
  purgeproof scan --subscription 11111111-…  --output sarif=kv.sarif --output table
  purgeproof scan --management-group production --fail-on high
  az graph query -q "resources | where type =~ 'microsoft.keyvault/vaults'" --first 1000 > vaults.json
  purgeproof scan --inventory vaults.json                  without network or sign-in
  purgeproof scan --param minimumRetentionDays=30 --exemptions accepted.yaml

Exit codes:
  0  complete, and nothing at or above --fail-on
  1  complete, with findings
  2  the job could not be done: usage, a policy file, sign-in
  3  incomplete or interrupted: what was not seen is named in the report`;

/** `purgeproof scan`: reads, judges, reports. It never writes to Azure. */
export function addScanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('scan')
    .description('judge every key vault and managed HSM by the rules, and account for all that was asked for')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addRuleFlags, addReportFlags, addCommonFlags]) add(command);
  command.action(async (options: ScanOptions) => context.finish(await runScan(options, context)));
}

async function runScan(options: ScanOptions, { world, azure, tool }: CommandContext): Promise<number> {
  const files = policyFiles(world);
  const config = await readConfig(files, options.config);
  const settings = mergeSettings(toScanFlags(options), config);
  const destinations = readDestinations(settings.outputs);
  const category = options.category === undefined ? undefined : readCategory(options.category);
  const { rules, compiled, exemptions } = await preparePolicies(settings, files);
  const quiet = options.quiet === true;
  if (!quiet) await world.stderr.write(notices(expiredExemptions(exemptions, world.now())));

  const progress = progressLine(world.stderr, !quiet);
  const source = await openSource(settings, {
    cwd: world.cwd,
    stdin: world.stdin,
    version: tool.version,
    azure,
    ...(options.debug === true ? { debug: (line: string) => void world.stderr.write(`${line}\n`) } : {}),
    onProgress: progress.show,
    ...(options.full === true || settings.includeCompliant
      ? {}
      : { pushedDown: pushDown(compiled, scannedTypes) }),
  });
  const report = await scan({
    tool,
    rules: compiled,
    source,
    exemptions,
    now: world.now,
    includeCompliant: settings.includeCompliant,
    signal: world.signal,
  }).finally(progress.clear);
  await writeReports(report, destinations, {
    world,
    rules,
    config,
    color: options.color,
    quiet,
    sourceRoot: options.sourceRoot,
    category,
  });
  return scanExitCode(report, settings);
}

function notices(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, message }) => `${terminalText(`${file}:${line}:${column}  ${message}`)}\n`)
    .join('');
}
