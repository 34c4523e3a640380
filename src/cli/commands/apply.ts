import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { signInFiles } from '../../azure/sign-in/files.ts';
import { UsageError } from '../../model/errors.ts';
import { type Risk, risks } from '../../model/risk.ts';
import { type Cloud, clouds } from '../../model/cloud.ts';
import { type ApplyFormat, applyFormats } from '../../reporters/apply.ts';
import { parsePlan } from '../../remediation/plan-file.ts';
import { journalFile } from '../../files/apply/journal-file.ts';
import { planLock } from '../../files/apply/file-lock.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { apply, applyExitCode, type ApplyRequest } from '../../usecases/apply.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { identityOf } from '../../files/destinations/file-identity.ts';
import { readDestinations } from '../destinations.ts';
import { choice, repeatable } from '../choice.ts';
import { addCommonFlags, outputFlag, requestTimeoutFlag, wholeNumber } from '../flags.ts';
import { askToSend, showResults } from '../run-results.ts';
import type { World } from '../world.ts';

interface ApplyOptions {
  readonly yes?: true;
  readonly allow: readonly Risk[];
  readonly maxChanges: number;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly dryRun?: true;
  readonly journal?: string;
  readonly output: readonly string[];
  readonly cloud: Cloud;
  readonly requestTimeout?: number;
  readonly color: boolean;
  readonly debug?: true;
}

const examples = `
Each vault is read again first; one that has changed since the plan was made is left alone and reported as drift. A vault
is changed with one PATCH that contains only the changed properties, then read again from ARM and evaluated with the same
rules. Every write is recorded in the journal before it is sent: after a crash, the same command continues where it
stopped.

Examples:
  purgeproof apply plan.json --dry-run
  purgeproof apply plan.json --allow irreversible
  purgeproof apply plan.json --allow irreversible --yes --only kv-payments --output json=results.json

Exit codes:
  0  every step verified or already in place
  1  at least one step is not
  2  refused, and nothing was sent
  3  interrupted, or stopped by a failure after something was sent`;

/** `purgeproof apply`: sends a plan. The one command that changes live vaults. */
export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply <plan>')
    .description('apply a plan: read each vault again, change it, verify it, and keep a journal')
    .addHelpText('after', examples)
    .option('--yes', 'do not ask for confirmation; required if there is no terminal')
    .addOption(
      repeatable('--allow <risk>', 'allow steps of this risk: safe, disruptive or irreversible', risks),
    )
    .option('--max-changes <n>', 'refuse a plan with more steps than this', wholeNumber, 25)
    .addOption(
      repeatable('--only <id>', 'apply only this step, given by its id or by the name or id of its vault'),
    )
    .addOption(repeatable('--rule <id>', 'apply only the changes that this rule requires'))
    .option('--dry-run', 'read and compare, but send nothing')
    .option('--journal <file>', 'file in which every write is recorded (default: next to the plan)')
    .addOption(choice('--cloud <name>', 'Azure cloud to use', clouds).default('AzureCloud'))
    .addOption(requestTimeoutFlag())
    .addOption(outputFlag(applyFormats, 'how to show the results'));
  addCommonFlags(command).action(async (file: string, options: ApplyOptions) =>
    context.finish(await runApply(file, options, context)),
  );
}

async function runApply(file: string, options: ApplyOptions, context: CommandContext): Promise<number> {
  const { world, tool } = context;
  const destinations = readDestinations<ApplyFormat>(options.output, applyFormats);
  const journal = options.journal ?? journalBeside(file);
  await refuseAsJournal(file, journal, world.cwd);
  await checkDestinations(destinations, {
    cwd: world.cwd,
    files: [file, journal, ...signInFiles(world.env)],
  });
  const plan = parsePlan((await policyFiles(world).readFile(file)).bytes, file);
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const connection = connectOptions(options, context);
  const open = openVaults(connection);
  const failures: unknown[] = [];
  const report = await apply({
    tool,
    plan,
    selection: { only: options.only, rules: options.rule },
    limits: { allow: options.allow, maxChanges: options.maxChanges },
    dryRun: options.dryRun === true,
    vaults: open.vaults,
    sender: open.sender,
    lock: planLock({ file: resolve(world.cwd, file), hash: plan.hash, temporary: world.temporary }),
    journal: journalFile(resolve(world.cwd, journal)),
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    ...(options.yes === true ? {} : { confirm: confirmation(world) }),
    signal: world.signal,
    requestTimeoutMs: connection.requestTimeoutMs,
    onFailure: (error) => failures.push(error),
  });
  const { color } = options;
  return showResults(report, { destinations, failures, code: applyExitCode(report), color }, world);
}

async function refuseAsJournal(plan: string, journal: string, cwd: string): Promise<void> {
  const [planNames, journalNames] = [
    await identityOf({ path: plan, cwd }),
    await identityOf({ path: journal, cwd }),
  ];
  if (planNames.some((name) => journalNames.includes(name)))
    throw new UsageError('The plan itself cannot be its journal.', 'Name another file with --journal.');
}

/** `plan.json` has its journal in `plan.journal.ndjson`. */
function journalBeside(plan: string): string {
  return join(dirname(plan), `${basename(plan).replace(/\.json$/i, '')}.journal.ndjson`);
}

function confirmation(world: World): NonNullable<ApplyRequest['confirm']> {
  return async (steps) => {
    const forever = steps.filter(({ step }) => step.risk === 'irreversible').length;
    const warning = forever === 0 ? '' : ` ${forever} of them can never be undone.`;
    const vaults = steps.length === 1 ? 'vault' : 'vaults';
    return askToSend(`Change ${steps.length} ${vaults}?${warning}`, world);
  };
}
