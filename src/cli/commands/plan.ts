import { type Command, Option } from 'commander';
import { UsageError } from '../../model/errors.ts';
import type { ScanReport } from '../../model/report.ts';
import { planFormats } from '../../reporters/plan/formats.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { plan, planExitCode, type PlanResult, planValidForMs } from '../../usecases/plan.ts';
import { readAs } from '../../usecases/read-as.ts';
import { readReport } from '../../usecases/report/report-file.ts';
import { checkReportFits } from '../../usecases/report/report-rule.ts';
import { type PreparedScan, prepareScan, scanPrepared } from '../../usecases/prepared-scan.ts';
import { inputFiles } from '../../usecases/settings/target.ts';
import type { ScanPorts } from '../../usecases/scan/ports.ts';
import { configurationOf } from '../configuration.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { repeatable } from '../choice.ts';
import {
  addAzureExemptionsFlag,
  addCommonFlags,
  addIncludeFlag,
  addRuleFlags,
  addScopeFlags,
  outputFlag,
} from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { addFilterFlags, type ScanOptions, settingsRequest } from '../scan-options.ts';
import { planCommands } from '../next-commands.ts';
import { gapsOf, planDestinations, writePlan } from '../show-plan.ts';
import { gapLines } from '../terminal.ts';

interface PlanOptions extends ScanOptions {
  /** The report that the plan is made from; without it, a scan. */
  readonly from?: string;
  readonly out?: string;
  readonly allow: readonly 'disruptive'[];
}

const exits: ExitWords = {
  0: 'nothing to do',
  1: 'steps to apply, or findings to fix by hand',
  2: 'could not run, or the plan could not be written',
  3: 'incomplete: something in scope or to be changed could not be read',
};

const examples = `
Planning never writes to Azure. A plan lists each change, proves that it works on the current state in ARM, and
says what can never be undone. For a finding that no write can fix, or whose fix may cut off users (unless you pass
--allow disruptive), it lists the steps to follow by hand. What could not be read is always listed, even with --quiet.

Examples:
  purgeproof plan --out plan.json                          scan, then plan
  purgeproof plan --from report.json --rule AKV002 --out plan.json --output markdown=plan.md
  purgeproof plan --allow disruptive --out plan.json       also what may cut off users
  purgeproof apply plan.json --allow irreversible --dry-run
${exitCodesHelp(exits)}`;

/** Adds `purgeproof plan`: findings → a proved plan. It never writes to Azure. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description('plan fixes for the findings of a scan, and prove them before anything is sent')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addFilterFlags, addIncludeFlag, addRuleFlags, addAzureExemptionsFlag])
    add(command);
  command
    // Accepted only to explain the alternative.
    .addOption(new Option('--inventory <file>').hideHelp())
    .addOption(new Option('--inventory-complete').hideHelp())
    .addOption(new Option('--template <file>').hideHelp())
    .addOption(new Option('--bicep <file>').hideHelp())
    .addOption(new Option('--terraform <file>').hideHelp())
    .addOption(new Option('--source <folder>').hideHelp())
    .addOption(new Option('--parameters <file>').hideHelp())
    .option('--from <file>', 'plan from a JSON report instead of a new scan')
    .option('--out <file>', 'write the plan to this file, for apply')
    .addOption(
      repeatable('--allow <risk>', 'also plan fixes of this risk: disruptive, which may cut off users', [
        'disruptive',
      ]),
    )
    .option('--verbose', 'show one by one what is the same for several')
    .addOption(outputFlag(planFormats, 'how to show the plan'));
  addCommonFlags(command).action(async (options: PlanOptions) =>
    context.finish(await planCommand(options, context), exits),
  );
}

async function planCommand(options: PlanOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = planDestinations(options);
  const ports = scanPorts(scanSurroundings(options, context));
  const config = await configurationOf(options, world);
  const prepared = await prepareScan(settingsRequest({ ...options, output: [] }, config), ports);
  await ports.checkDestinations(destinations, {
    files: [options.from, ...inputFiles(prepared.settings.target)],
  });
  const report =
    options.from === undefined
      ? await scanToPlan(prepared, options, { ports, context })
      : await readReportToPlan(prepared, { ...options, from: options.from }, ports);
  const result = await planFrom(report, prepared, { options, context });
  const gaps = gapsOf(report, result);
  // On the same screen, the text names them.
  const isText = destinations.some(({ path, format }) => path === undefined && format === planFormats.text);
  if (!isText || !world.stdout.isTTY) await world.stderr.write(gapLines(gaps));
  const [{ color, verbose = false }, { cloud }] = [options, prepared.settings];
  const commands = (isWritten: boolean) => planCommands(world.argv, { verbose, isWritten });
  const output = { world, gaps, heldBack: result.heldBack, cloud, color, verbose, commands };
  const lost = await writePlan(result.plan, destinations, output);
  return exitCodeWith(lost, planExitCode(result, gaps.length === 0), world);
}

async function scanToPlan(
  prepared: PreparedScan,
  { full }: PlanOptions,
  { ports, context }: { readonly ports: ScanPorts; readonly context: CommandContext },
): Promise<ScanReport> {
  if (prepared.settings.target.kind === 'live')
    return scanPrepared(prepared, { tool: context.tool, full: full === true }, ports);
  if (prepared.settings.target.kind !== 'inventory') throw declaredOnly();
  throw new UsageError(
    'A plan is proved on what is live, so it needs Azure, not an inventory alone.',
    'Leave out --inventory, or scan it with --output json=report.json and plan with --from report.json.',
  );
}

/** Code is corrected where it is written. */
function declaredOnly(): UsageError {
  return new UsageError(
    'What is not deployed yet cannot be planned: there is nothing to change in Azure.',
    'Correct the code where the report points to. The property to write is in: `purgeproof rules show AKV002`',
  );
}

/** Reads the report that `--from` names. Throws UsageError where it does not fit the rules. */
async function readReportToPlan(
  { policies, settings }: PreparedScan,
  { from, subscription, managementGroup, include = [], ...filters }: PlanOptions & { readonly from: string },
  { files }: ScanPorts,
): Promise<ScanReport> {
  if (subscription.length + managementGroup.length > 0)
    throw new UsageError(
      'A report is planned as a whole: it cannot be limited to a subscription or a management group.',
      'Leave out --from to scan and plan that scope, or apply part of the plan with --only.',
    );
  const { resourceGroup = [], vault = [], tag = [] } = filters;
  if (resourceGroup.length + vault.length + tag.length > 0)
    throw new UsageError(
      'A report is planned as a whole: it cannot be limited to a resource group, a name or a tag.',
      'Leave out --from to scan and plan that part, or apply part of the plan with --only.',
    );
  if (include.length > 0)
    throw new UsageError(
      'A report is planned as it is: nothing can be included that it did not read.',
      'Leave out --include, or leave out --from to scan anew.',
    );
  const report = await readAs('report', await files.readFile(from), ({ bytes, file }) =>
    readReport(bytes, file),
  );
  if (report.scope.code !== undefined) throw declaredOnly();
  checkReportFits(report, { ...policies, named: settings.rules }, from);
  return report;
}

async function planFrom(
  { findings, scope, coverage }: ScanReport,
  { policies, settings }: PreparedScan,
  { options, context }: { readonly options: PlanOptions; readonly context: CommandContext },
): Promise<PlanResult> {
  const { world, tool } = context;
  const { cloud, tenantId, requestTimeoutMs } = settings;
  const connection = { ...connectOptions(options, context), cloud, tenantId, requestTimeoutMs };
  // The SDKs take most of a second to load: a mistake in a flag should not wait for them.
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const { vaults, preconditions, subscriptions, ...open } = openVaults(connection);
  return plan({
    vaults,
    preconditions,
    subscriptions,
    tool,
    rules: policies.compiled,
    findings,
    scope,
    coverage,
    exemptions: policies.exemptions,
    risks: ['safe', 'irreversible', ...options.allow],
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    validForMs: planValidForMs,
    signal: world.signal,
    requestTimeoutMs,
  });
}
