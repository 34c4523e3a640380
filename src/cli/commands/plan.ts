import { type Command, Option } from 'commander';
import { signInFiles } from '../../azure/sign-in/files.ts';
import { planFormats } from '../../reporters/plan/formats.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { plan, planExitCode, planValidForMs } from '../../usecases/plan.ts';
import type { CommandContext } from '../context.ts';
import { repeatable } from '../choice.ts';
import { addCommonFlags, addRuleFlags, addScopeFlags, debugLog } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { findReport, type FromOptions } from '../report-to-plan.ts';
import { gapsOf, planDestinations, writePlan } from '../show-plan.ts';
import { prepareScan } from '../take-scan.ts';

interface PlanOptions extends FromOptions {
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

/** `purgeproof plan`: findings → a proved plan. It never writes to Azure. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description('plan fixes for the findings of a scan, and prove them before anything is sent')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addRuleFlags]) add(command);
  command
    // Taken only to say what to do instead.
    .addOption(new Option('--inventory <file>').hideHelp())
    .addOption(new Option('--inventory-complete').hideHelp())
    .option('--from <file>', 'plan from a JSON report instead of a new scan')
    .option('--out <file>', 'write the plan to this file, for purgeproof apply')
    .addOption(
      repeatable('--allow <risk>', 'also plan fixes of this risk: disruptive, which may cut off users', [
        'disruptive',
      ]),
    )
    .addOption(
      repeatable(
        '--output <format[=path]>',
        `how to show the plan: ${Object.keys(planFormats).join(', ')}`,
      ).default([], 'text'),
    );
  addCommonFlags(command).action(async (options: PlanOptions) =>
    context.finish(await runPlan(options, context)),
  );
}

async function runPlan(options: PlanOptions, context: CommandContext): Promise<number> {
  const { world, azure, tool } = context;
  const destinations = planDestinations(options);
  const prepared = await prepareScan({ ...options, output: [] }, context);
  await checkDestinations(destinations, {
    cwd: world.cwd,
    files: [options.from, ...prepared.filesRead, ...signInFiles(world.env)],
  });
  const report = await findReport(prepared, options, context);
  // The SDKs take most of a second to load: a mistake in a flag should not wait for them.
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const { cloud, requestTimeoutMs } = prepared.settings;
  const open = openVaults({
    ...azure,
    cloud,
    requestTimeoutMs,
    version: tool.version,
    ...debugLog(options, world),
  });
  const result = await plan({
    tool,
    rules: prepared.compiled,
    findings: report.findings,
    scope: report.scope,
    exemptions: prepared.exemptions,
    risks: ['safe', 'irreversible', ...options.allow],
    vaults: open.vaults,
    preconditions: open.preconditions,
    subscriptions: open.subscriptions,
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    validForMs: planValidForMs,
    signal: world.signal,
    requestTimeoutMs,
  });
  const gaps = gapsOf(report, result);
  for (const line of gaps) await world.stderr.write(`${terminalText(line)}\n`);
  const lost = await writePlan(result.plan, destinations, { world, gaps, cloud, color: options.color });
  return exitCodeWith(lost, planExitCode(result, report.complete), world);
}
