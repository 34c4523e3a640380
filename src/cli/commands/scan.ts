import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { BaseCommit } from '../../model/target.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { runScan } from '../../usecases/run-scan.ts';
import { configurationOf } from '../configuration.ts';
import type { CommandContext } from '../context.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { finishScan, scanRequest, withinConfiguration } from '../finish-scan.ts';
import {
  addAzureExemptionsFlag,
  addCodeFlags,
  addCommonFlags,
  addIncludeFlag,
  addInventoryFlag,
  addReadFlags,
  addReportFlags,
  addRuleFlags,
  addScopeFlags,
  addViewFlags,
} from '../flags.ts';
import { nextCommands } from '../next-commands.ts';
import { addFilterFlags, type ScanOptions } from '../scan-options.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import type { World } from '../world.ts';

const exits: ExitWords = {
  0: 'complete, with no findings at or above --fail-on',
  1: 'complete, with findings',
  2: 'could not run: wrong usage, an invalid policy file, or failed sign-in; or a report could not be written',
  3: 'incomplete or interrupted: the report lists what could not be read',
};

const examples = `
Examples:
  purgeproof scan                                          every subscription you have access to
  purgeproof scan --subscription Payments --output sarif=kv.sarif --output table
  purgeproof scan --management-group production --fail-on high
  purgeproof scan --resource-group rg-payments --tag env=prod
  az graph query --first 1000 -q "resources | where type startswith 'microsoft.keyvault/'" > vaults.json
  purgeproof scan --inventory vaults.json                  without network access or sign-in
  purgeproof scan --bicep main.bicep --parameters prod.bicepparam   before anything is deployed
  purgeproof scan --terraform plan.json                from terraform show -json
  purgeproof scan --source .                               all infrastructure code of a checkout
  purgeproof scan --source . --changed-since main          and only what this branch changes fails
  purgeproof scan --param minimumRetentionDays=30 --exemptions accepted.yaml
  purgeproof scan --baseline last-week.json --fail-on-new  what is new since then, and exit 1 for that only
  purgeproof scan --archive audit                          keep the facts, for rescan and trend
${exitCodesHelp(exits)}`;

/** Adds `purgeproof scan`: reads, judges, reports. It never writes to Azure. */
export function addScanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('scan')
    .description('check every key vault and managed HSM in scope against the rules')
    .addHelpText('after', examples);
  for (const add of [
    addScopeFlags,
    addFilterFlags,
    addInventoryFlag,
    addCodeFlags,
    addIncludeFlag,
    addRuleFlags,
    addAzureExemptionsFlag,
    addReportFlags,
    addReadFlags,
    addViewFlags,
  ])
    add(command);
  addCommonFlags(command);
  command.action(async (options: ScanOptions) => scanCommand(options, context));
}

async function scanCommand(options: ScanOptions, context: CommandContext): Promise<void> {
  const config = await configurationOf(options, context.world);
  const asked = { options, config, changedSince: await baseCommit(options, context.world) };
  const ports = withinConfiguration(scanPorts(scanSurroundings(options, context)), asked, context);
  const finished = await runScan(scanRequest(asked, context), ports);
  const commands = nextCommands(context.world.argv, finished);
  await finishScan(finished, { options, exits, commands }, context);
}

async function baseCommit(
  { changedSince, source = '.' }: ScanOptions,
  { cwd }: World,
): Promise<BaseCommit | undefined> {
  if (changedSince === undefined) return undefined;
  // Other scans start no git.
  const { commitToCompare } = await import('../../files/checkout/git.ts');
  return commitToCompare(resolve(cwd, source), changedSince);
}
