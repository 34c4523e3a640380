import { type Command, Option } from 'commander';
import { UsageError } from '../../model/errors.ts';
import type { ScanReport } from '../../model/report.ts';
import { planFormats } from '../../reporters/plan/formats.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { plan, planExitCode, type PlanResult, planValidForMs } from '../../usecases/plan.ts';
import { checkReportFits, readReport } from '../../usecases/report/report-file.ts';
import { inputFiles, type PreparedScan, prepareScan, scanPrepared } from '../../usecases/prepared-scan.ts';
import type { ScanPorts } from '../../usecases/scan/ports.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { repeatable } from '../choice.ts';
import { addCommonFlags, addRuleFlags, addIncludeFlag, addScopeFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { type ScanOptions, settingsRequest } from '../scan-options.ts';
import { gapsOf, planDestinations, writePlan } from '../show-plan.ts';

interface PlanOptions extends ScanOptions {
  /** The report that the plan is made from; without it, a scan. */
  readonly from?: string;
  readonly out?: string;
  readonly allow: readonly 'disruptive'[];
}

const examples = `
Planning never writes to Azure. A plan lists each change, proves that it works on the current state of the vault in ARM,
and says what can never be undone. For a finding that no write can fix, or whose fix may cut off users (unless you pass
--allow disruptive), it lists the steps to follow by hand. What could not be read is always listed, even with --quiet.

Examples:
  purgeproof plan --out plan.json                          scan, then plan
  purgeproof plan --from report.json --rule AKV002 --out plan.json --output markdown=plan.md
  purgeproof apply plan.json --allow irreversible

Exit codes:
  0  nothing to do
  1  steps to apply, or findings to fix by hand
  2  could not run, or the plan could not be written
  3  incomplete: part of the scope, or a vault, could not be read`;

/** Adds `purgeproof plan`: findings → a proved plan. It never writes to Azure. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description('plan fixes for the findings of a scan, and prove them before anything is sent')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addIncludeFlag, addRuleFlags]) add(command);
  command
    // Accepted only to explain the alternative.
    .addOption(new Option('--inventory <file>').hideHelp())
    .addOption(new Option('--inventory-complete').hideHelp())
    .option('--from <file>', 'plan from a JSON report instead of a new scan')
    .option('--out <file>', 'write the plan to this file, for purgeproof apply')
    .addOption(
      repeatable('--allow <risk>', 'also plan fixes of this risk: disruptive, which may cut off users', [
        'disruptive',
      ]),
    )
    .addOption(outputFlag(planFormats, 'how to show the plan'));
  addCommonFlags(command).action(async (options: PlanOptions) =>
    context.finish(await planCommand(options, context)),
  );
}

async function planCommand(options: PlanOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = planDestinations(options);
  const ports = scanPorts(scanSurroundings(options, context));
  const prepared = await prepareScan(settingsRequest({ ...options, output: [] }), ports);
  const { settings } = prepared;
  await ports.checkDestinations(destinations, { files: [options.from, ...inputFiles(settings)] });
  const report =
    options.from === undefined
      ? await scanToPlan(prepared, options, { ports, context })
      : await readReportToPlan(prepared, { ...options, from: options.from }, ports);
  const result = await planFrom(report, prepared, { options, context });
  const gaps = gapsOf(report, result);
  for (const line of gaps) await world.stderr.write(`${terminalText(line)}\n`);
  const { cloud } = settings;
  const lost = await writePlan(result.plan, destinations, { world, gaps, cloud, color: options.color });
  return exitCodeWith(lost, planExitCode(result, gaps.length === 0), world);
}

async function scanToPlan(
  prepared: PreparedScan,
  { full }: PlanOptions,
  { ports, context }: { readonly ports: ScanPorts; readonly context: CommandContext },
): Promise<ScanReport> {
  if (prepared.settings.target.kind === 'live')
    return scanPrepared(prepared, { tool: context.tool, full: full === true }, ports);
  throw new UsageError(
    'A plan is proved on live vaults, so it needs Azure, not an inventory alone.',
    'Leave out --inventory, or scan it with --output json=report.json and plan with --from report.json.',
  );
}

/** Reads the report that `--from` names. Throws UsageError where it does not fit the rules. */
async function readReportToPlan(
  { policies, settings }: PreparedScan,
  { from, subscription, managementGroup, include = [] }: PlanOptions & { readonly from: string },
  { files }: ScanPorts,
): Promise<ScanReport> {
  if (subscription.length + managementGroup.length > 0) {
    throw new UsageError(
      'A report is planned as a whole: it cannot be limited to a subscription or a management group.',
      'Leave out --from to scan and plan that scope, or apply part of the plan with --only.',
    );
  }
  if (include.length > 0) {
    throw new UsageError(
      'A report is planned as it is: nothing can be included that it did not read.',
      'Leave out --include, or leave out --from to scan anew.',
    );
  }
  const file = await files.readFile(from);
  const report = readReport(file.bytes, file.file);
  const { rules, compiled } = policies;
  checkReportFits(report, { rules, compiled, named: settings.rules }, from);
  return report;
}

async function planFrom(
  { findings, scope }: ScanReport,
  { policies, settings }: PreparedScan,
  { options, context }: { readonly options: PlanOptions; readonly context: CommandContext },
): Promise<PlanResult> {
  const { world, tool } = context;
  // The SDKs take most of a second to load: a mistake in a flag should not wait for them.
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const { cloud, requestTimeoutMs } = settings;
  const connection = connectOptions({ ...options, cloud, requestTimeout: requestTimeoutMs }, context);
  const { vaults, preconditions, subscriptions, ...open } = openVaults(connection);
  return plan({
    vaults,
    preconditions,
    subscriptions,
    tool,
    rules: policies.compiled,
    findings,
    scope,
    exemptions: policies.exemptions,
    risks: ['safe', 'irreversible', ...options.allow],
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    validForMs: planValidForMs,
    signal: world.signal,
    requestTimeoutMs,
  });
}
