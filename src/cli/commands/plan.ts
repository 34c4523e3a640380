import { type Command, Option } from 'commander';
import { UsageError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { ScanReport } from '../../model/report.ts';
import { planMarkdown } from '../../reporters/plan-markdown.ts';
import { planText } from '../../reporters/plan-text.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { planJson } from '../../remediation/plan-file.ts';
import { policyFiles } from '../../sources/policy-files.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { plan, planExitCode, type PlanResult, planValidForMs } from '../../usecases/plan.ts';
import { readReport } from '../../usecases/report-file.ts';
import type { CommandContext } from '../context.ts';
import { repeatable } from '../choice.ts';
import { filesRead, refuseClashes } from '../../sources/report-clashes.ts';
import { type Destination, readDestinations, writeReport } from '../destinations.ts';
import { addCommonFlags, addRuleFlags, addScopeFlags, debugLog, type ScanOptions } from '../flags.ts';
import { lookOf } from '../look.ts';
import { type PreparedScan, prepareScan, takeScan } from '../take-scan.ts';
import type { World } from '../world.ts';

interface PlanOptions extends ScanOptions {
  readonly from?: string;
  readonly out?: string;
  readonly allow: readonly 'disruptive'[];
}

const formats = ['text', 'json', 'markdown'] as const;

const examples = `
A plan is read-only. It names each change, proves it on the vault as ARM has it now, and says what can never be undone.
Where no write can fix a finding, or a fix may cut off users (unless --allow disruptive), it lists a runbook to follow.

Examples:
  purgeproof plan --out plan.json                          scan, then plan
  purgeproof plan --from report.json --rule AKV002 --out plan.json --output markdown=plan.md
  purgeproof apply plan.json --allow irreversible

Exit codes:
  0  nothing to do
  1  steps to apply, or findings to fix by hand
  2  the job could not be done
  3  incomplete: the scan, or a vault, could not be read`;

/** `purgeproof plan`: findings → a proved plan. It never writes to Azure. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description('plan the repair of what a scan finds, proved before anything is sent')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addRuleFlags]) add(command);
  command
    // Taken only to say what to do instead.
    .addOption(new Option('--inventory <file>').hideHelp())
    .option('--from <file>', 'plan from a JSON report instead of a new scan')
    .option('--out <file>', 'write the plan file that purgeproof apply takes')
    .addOption(repeatable('--allow <risk>', 'also plan fixes that may cut off users', ['disruptive']))
    .addOption(
      repeatable('--output <format[=path]>', `how to show the plan: ${formats.join(', ')}`).default(
        [],
        'text',
      ),
    );
  addCommonFlags(command).action(async (options: PlanOptions) =>
    context.finish(await runPlan(options, context)),
  );
}

async function runPlan(options: PlanOptions, context: CommandContext): Promise<number> {
  const { world, azure, tool } = context;
  const destinations = planDestinations(options);
  const prepared = await prepareScan({ ...options, output: [] }, context);
  await refuseClashes(destinations, [options.from, ...filesRead(prepared.settings, options)], world.cwd);
  const report = await findReport(prepared, options, context);
  // The SDKs take most of a second to load: a mistake in a flag should not wait for them.
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const { cloud } = prepared.settings;
  const open = openVaults({ ...azure, cloud, version: tool.version, ...debugLog(options, world) });
  const result = await plan({
    tool,
    rules: prepared.compiled,
    findings: report.findings,
    scope: report.scope,
    exemptions: prepared.exemptions,
    risks: ['safe', 'irreversible', ...options.allow],
    vaults: open.vaults,
    preconditions: open.preconditions,
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    validForMs: planValidForMs,
    signal: world.signal,
  });
  const gaps = gapsOf(report, result);
  for (const line of gaps) await world.stderr.write(`${terminalText(line)}\n`);
  for (const destination of destinations) await writePlan(result.plan, destination, { gaps, world, options });
  return planExitCode(result, report.complete);
}

/** Files first, so that what a person reads ends the output. */
function planDestinations({ output, out }: PlanOptions): readonly Destination<(typeof formats)[number]>[] {
  const shown = readDestinations(output, formats);
  const files = shown.filter(({ path }) => path !== undefined);
  const onStdout = shown.filter(({ path }) => path === undefined);
  return [...(out === undefined ? [] : [{ format: 'json', path: out } as const]), ...files, ...onStdout];
}

async function findReport(
  prepared: PreparedScan,
  options: PlanOptions,
  context: CommandContext,
): Promise<ScanReport> {
  if (options.from === undefined) {
    if (prepared.settings.inventory === undefined) return takeScan(prepared, options, context);
    throw new UsageError(
      'A plan is proved on live vaults, so it needs Azure, not an inventory alone.',
      'Leave out --inventory, or scan it with --output json=report.json and plan with --from report.json.',
    );
  }
  const file = await policyFiles(context.world).readFile(options.from);
  return checkRules(readReport(file.bytes, file.file), prepared, options);
}

/** What the report or the rules do not know of would be passed over, and look as if nothing were wrong with it. */
function checkRules(
  report: ScanReport,
  { rules, settings }: PreparedScan,
  { from = '' }: PlanOptions,
): ScanReport {
  const judged = new Set(report.rules.map(({ id }) => id.toLowerCase()));
  const unjudged = settings.rules.find(({ rule }) => !judged.has(rule.toLowerCase()));
  if (unjudged !== undefined) {
    throw new UsageError(
      `${from} was made without the rule ${unjudged.rule}, so it says nothing about it.`,
      'Scan again with that rule, or leave out --from.',
    );
  }
  const loaded = new Set(rules.map(({ id }) => id));
  const unknown = report.findings.find(({ ruleId }) => !loaded.has(ruleId));
  if (unknown === undefined) return report;
  throw new UsageError(
    `${from} has findings of the rule ${unknown.ruleId}, which is not loaded.`,
    'Name the file of the rule with --policies.',
  );
}

function gapsOf(report: ScanReport, { unreadable, gone }: PlanResult): readonly string[] {
  const ofScan = report.unreadable.map(({ scope, reason }) => `not scanned: ${scope}: ${reason}`);
  const ofPlan = unreadable.map(({ scope, reason, hint }) => `not planned: ${scope}: ${reason} ${hint}`);
  return [...ofScan, ...ofPlan, ...gone.map((id) => `no longer there (deleted or moved): ${id}`)];
}

async function writePlan(
  plan: Plan,
  destination: Destination<(typeof formats)[number]>,
  {
    gaps,
    world,
    options,
  }: { readonly gaps: readonly string[]; readonly world: World; readonly options: PlanOptions },
): Promise<void> {
  const look = lookOf(destination, world, options.color);
  const renderings = {
    text: () => planText(plan, look, gaps),
    json: () => [planJson(plan)],
    markdown: () => planMarkdown(plan, gaps),
  };
  await writeReport(renderings[destination.format](), destination, world);
}
