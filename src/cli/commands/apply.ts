import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { signInFiles } from '../../azure/sign-in/files.ts';
import { UsageError } from '../../model/errors.ts';
import { defaultMaxChanges } from '../../model/plan.ts';
import { type Risk, risks } from '../../model/risk.ts';
import { type Cloud, clouds } from '../../model/cloud.ts';
import { type ApplyFormat, applyFormats, previewText } from '../../reporters/apply.ts';
import { namesOf } from '../../reporters/words/scope.ts';
import { readAs } from '../../usecases/read-as.ts';
import { parsePlan } from '../../remediation/plan-file.ts';
import { journalFile } from '../../files/apply/journal-file.ts';
import { planLock } from '../../files/apply/file-lock.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { wallClock } from '../../sources/wall-clock.ts';
import { apply, applyExitCode, type ApplyRequest } from '../../usecases/apply.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { identityOf } from '../../files/destinations/file-identity.ts';
import { readDestinations } from '../destinations.ts';
import { choice, namesFlag, repeatable } from '../choice.ts';
import { guardOf, guardsFlag, readGuards } from '../write-guards.ts';
import { addCommonFlags, outputFlag, requestTimeoutFlag, tenantFlag, wholeNumber } from '../flags.ts';
import { askToSend, showResults } from '../run-results.ts';
import { terminalOf } from '../terminal.ts';
import type { DebugDetail, World } from '../world.ts';

interface ApplyOptions {
  readonly yes?: true;
  readonly allow: readonly Risk[];
  readonly maxChanges: number;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly dryRun?: true;
  readonly quiet?: true;
  readonly journal?: string;
  readonly output: readonly string[];
  readonly cloud: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly color: boolean;
  readonly debug?: DebugDetail;
  readonly config?: string;
}

const exits: ExitWords = {
  0: 'every step is verified or already in place',
  1: 'at least one step is not verified',
  2: 'refused, and nothing was sent',
  3: 'interrupted, or stopped by a failure after something was sent',
};

const dryExits: ExitWords = {
  ...exits,
  0: 'every step would be sent, or is in place already',
  1: 'at least one step would not be sent',
};

const examples = `
Each vault and managed HSM is read again first; one that has changed since the plan was made is left alone and reported as
drift. It is changed with one PATCH that contains only the changed properties, then read again from ARM and evaluated with the
same rules. Every write is recorded in the journal before it is sent: after a crash, the same command continues where it
stopped.

Examples:
  purgeproof apply plan.json --allow irreversible --dry-run
  purgeproof apply plan.json --allow irreversible
  purgeproof apply plan.json --allow irreversible --yes --only kv-payments --output json=results.json
${exitCodesHelp(exits)}`;

/** `purgeproof apply`: sends a plan. The one command that changes live vaults. */
export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply <plan>')
    .description('apply a plan: read each resource again, change it, verify it, and keep a journal')
    .addHelpText('after', examples)
    .option('--yes', 'do not ask for confirmation; required if there is no terminal')
    .addOption(
      repeatable('--allow <risk>', 'allow steps of this risk: safe, disruptive or irreversible', risks),
    )
    .option('--max-changes <n>', 'refuse a plan with more steps than this', wholeNumber, defaultMaxChanges)
    .addOption(
      repeatable(
        '--only <id>',
        'apply only this step, given by its id or by the name or id of its vault or managed HSM',
      ),
    )
    .addOption(namesFlag('--rule <id>', 'apply only the changes that this rule requires'))
    .option(
      '--dry-run',
      'say what the same command would do now, and refuse what it would; ask and send nothing',
    )
    .addOption(guardsFlag())
    .option('--journal <file>', 'file in which every write is recorded (default: next to the plan)')
    .addOption(choice('--cloud <name>', 'Azure cloud to use', clouds).default('AzureCloud'))
    .addOption(tenantFlag())
    .addOption(requestTimeoutFlag())
    .addOption(outputFlag(applyFormats, 'how to show the results'));
  addCommonFlags(command).action(async (file: string, options: ApplyOptions) =>
    context.finish(await runApply(file, options, context), options.dryRun === true ? dryExits : exits),
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
  const config = await readGuards(policyFiles(world), options, world);
  const plan = await readAs('plan', await policyFiles(world).readFile(file), ({ bytes }) =>
    parsePlan(bytes, file),
  );
  const tenant = options.tenant ?? config?.tenant;
  const connection = connectOptions({ ...options, ...(tenant === undefined ? {} : { tenant }) }, context);
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const open = openVaults(connection);
  const failures: unknown[] = [];
  const { color } = options;
  const nameOf = namesOf(plan.scope.subscriptions);
  const report = await apply({
    tool,
    plan,
    selection: { only: options.only, rules: options.rule },
    limits: { allow: options.allow, maxChanges: options.maxChanges },
    guard: guardOf(config, { subscriptions: open.subscriptions, signal: world.signal }),
    dryRun: options.dryRun === true,
    vaults: open.vaults,
    sender: open.openSender(),
    lock: planLock({ file: resolve(world.cwd, file), hash: plan.hash, temporary: world.temporary }),
    journal: journalFile(resolve(world.cwd, journal)),
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    ...(options.yes === true ? {} : { confirm: confirmation(world, { color, nameOf }) }),
    signal: world.signal,
    requestTimeoutMs: connection.requestTimeoutMs,
    onFailure: (error) => failures.push(error),
  });
  const ended = { destinations, failures, code: applyExitCode(report), color, nameOf };
  const code = await showResults(report, ended, world);
  const wouldSend = report.results.some(({ preview }) => preview !== undefined);
  const isSilent = options.yes === true || options.quiet === true || world.ask !== undefined;
  if (options.dryRun === true && wouldSend && !isSilent)
    await world.stderr.write('There is no terminal to ask on: without --dry-run, this needs --yes.\n');
  return code;
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

/** Shows what would be sent, and asks: even with --quiet, since consent is to it. */
function confirmation(
  world: World,
  { color, nameOf }: { readonly color: boolean; readonly nameOf: (subscriptionId: string) => string },
): NonNullable<ApplyRequest['confirm']> {
  return async (results) => {
    const { stderr, env, ask } = world;
    const shown = results.flatMap(({ preview }) => preview ?? []);
    const amountOf = (risk: Risk): number => shown.filter(({ risks }) => risks.includes(risk)).length;
    const warnings = [
      warning(amountOf('irreversible'), shown.length, 'can never be undone'),
      warning(amountOf('disruptive'), shown.length, 'may cut users off'),
    ];
    const what = shown.length === 1 ? 'it' : `these ${shown.length}`;
    const question = [`Change ${what}?`, ...warnings].filter((text) => text !== '').join(' ');
    if (ask !== undefined) {
      const terminal = { ...terminalOf({}, { stdout: stderr, env }, color), nameOf };
      for (const text of previewText(results, terminal)) await stderr.write(text);
      await stderr.write('\n');
    }
    return askToSend(question, world);
  };
}

/** `All of them can never be undone.`; empty where none is. */
function warning(amount: number, all: number, what: string): string {
  if (amount === 0) return '';
  if (all === 1) return `It ${what}.`;
  return amount === all ? `All of them ${what}.` : `${amount} of them ${what}.`;
}
