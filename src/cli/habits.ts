import type { Command, CommanderError } from 'commander';
import { adviceLines } from '../reporters/text/commands.ts';
import { shellWord } from '../reporters/text/shell.ts';
import { terminalText } from '../reporters/text/terminal.ts';

/** The words of commander for wrong arguments, or an answer where they are known from other programs. */
export function explainUsage(
  error: CommanderError,
  { program, complaint }: { readonly program: Command | undefined; readonly complaint: readonly string[] },
): string {
  const answer = program === undefined || error.exitCode === 0 ? undefined : answerUsage(error, program);
  const answered = answer?.flatMap((line) => adviceLines(line)).map((line) => `${line}\n`);
  const lines = answered === undefined ? complaint : [...answered, ...complaint.slice(1)];
  // It quotes what it was given.
  return lines.join('').split('\n').map(terminalText).join('\n');
}

/**
 * Answers arguments that commander refuses with what they are here, where people know them from another program or gave
 * a file without its flag; `undefined` where nothing is known of them. Commands stand between backticks.
 */
function answerUsage({ code, message }: CommanderError, program: Command): readonly string[] | undefined {
  const { args, name } = commandGiven(program);
  const [refused = ''] = /(?<=')[^]*?(?=')/.exec(message) ?? [];
  const answers: Readonly<Record<string, () => string | undefined>> = {
    'commander.unknownOption': () => answerFlag(refused, { command: name, program }),
    'commander.excessArguments': () => answerWord(args[0] ?? '', name),
    'commander.unknownCommand': () => commands[refused.toLowerCase()] ?? answerFile(refused, 'scan'),
  };
  const answer = answers[code]?.();
  if (answer === undefined) return undefined;
  // What was given may hold anything: it is no advice.
  return [message.replace(/\n\(Did you mean .*\)$/, '').replaceAll('`', "'"), answer];
}

function commandGiven(program: Command): { readonly name: string; readonly args: readonly string[] } {
  const [first] = program.args;
  const command = program.commands.find((one) => one.name() === first);
  return { name: command?.name() ?? '', args: command?.args ?? [] };
}

interface RefusedFlag {
  /** Empty where the flag stands before every command. */
  readonly command: string;
  readonly program: Command;
}

function answerFlag(flag: string, { command, program }: RefusedFlag): string | undefined {
  const [name = ''] = flag.split('=', 1);
  const taker = program.commands.find(({ options }) =>
    options.some(({ short, long }) => short === name || long === name),
  );
  if (command === '' && taker !== undefined)
    return `Flags go after the command: \`purgeproof ${taker.name()} ${name}\``;
  const answer = flags[name.toLowerCase()];
  return typeof answer === 'function' ? answer(command) : answer;
}

/** A word where a command takes none is most often a file that belongs to a flag. */
function answerWord(word: string, command: string): string | undefined {
  if (command !== 'scan' && command !== 'plan') return undefined;
  const quoted = shellWord(word);
  return (
    answerFile(word, command) ??
    `${command} takes flags only: --subscription ${quoted} for a subscription, --vault ${quoted} for a vault or managed HSM.`
  );
}

function answerFile(word: string, command: 'scan' | 'plan'): string | undefined {
  if (word.includes('`')) return undefined;
  const flag = wordFlags.find(({ looksLike }) => looksLike.test(word))?.flag[command];
  return flag === undefined
    ? undefined
    : `Did you mean this? \`purgeproof ${command} ${flag} ${shellWord(word)}\``;
}

const meantScan = 'Did you mean this? `purgeproof scan`';
const planFirst =
  'Plan the fixes, then apply them: `purgeproof plan --out plan.json` `purgeproof apply plan.json`';
const meantRecover = 'Did you mean this? `purgeproof deleted recover <name>`';

/** Words for commands in other programs. */
const commands: Readonly<Partial<Record<string, string>>> = {
  check:
    'Did you mean this, or the second one for rule files? `purgeproof scan` `purgeproof rules check <file>`',
  audit: meantScan,
  run: meantScan,
  azure: meantScan,
  compare: 'Did you mean this? `purgeproof diff <older> <newer>`',
  archive: 'Did you mean this? `purgeproof scan --archive <folder>`',
  history: 'Did you mean this? `purgeproof trend <archive>`',
  list: 'Did you mean one of these? `purgeproof rules list` `purgeproof deleted list`',
  fix: planFirst,
  remediate: planFirst,
  recover: meantRecover,
  restore: meantRecover,
  undelete: meantRecover,
  purge: 'Did you mean this? `purgeproof deleted purge <name>`',
  backup: 'Did you mean this? `purgeproof kit <vault> --out <folder>`',
  login: 'All that it takes is to sign in to the Azure CLI: `az login`',
};

interface WordFlag {
  readonly looksLike: RegExp;
  readonly flag: Readonly<Partial<Record<'scan' | 'plan', string>>>;
}

const wordFlags: readonly WordFlag[] = [
  { looksLike: /\.bicep$/i, flag: { scan: '--bicep' } },
  { looksLike: /\/$|^\.{1,2}$/i, flag: { scan: '--source' } },
  { looksLike: /\.(ya?ml)$/i, flag: { scan: '--config', plan: '--config' } },
  { looksLike: /^-$|\.(json|ndjson|jsonl|csv)$/i, flag: { scan: '--inventory', plan: '--from' } },
  {
    looksLike: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    flag: { scan: '--subscription', plan: '--subscription' },
  },
];

type Answer = string | ((command: string) => string | undefined);

const output = 'Use --output: --output json, or --output json=FILE to write a file.';
const rule = 'Use --rule ID to evaluate only some rules, or --exclude-rule ID to skip some.';
const framework = 'Use --framework NAME, such as --framework CIS-Azure-6.0.';
const failOn = '--fail-on high decides for which severity the exit code is 1.';
const severity = (command: string): string =>
  command === 'scan' ? `Use --show-severity high to list no others in the table; ${failOn}` : failOn;
const debug = 'Use --debug for the requests that are sent.';
const verbose = (command: string): string =>
  command === 'scan' || command === 'plan' ? `Use --verbose to show everything. ${debug}` : debug;
const inventory = 'Use --inventory FILE to scan an exported file.';

const code =
  'Use --source FOLDER to scan Bicep, ARM and Terraform code; --source-root shows findings of Azure in it.';

const writers: ReadonlySet<string> = new Set(['apply', 'deleted']);

/** Flags of Trivy, checkov, Prowler, gh and az. */
const flags: Readonly<Partial<Record<string, Answer>>> = {
  '--format': output,
  '-f': (command) => (command === 'scan' ? `${output} ${inventory}` : output),
  '--json': output,
  '--output-file': output,
  '--output-format': output,
  '--file': inventory,
  '--input': inventory,
  '-i': inventory,
  '-d': code,
  '--directory': code,
  '--tf-plan': 'Use --terraform FILE for the JSON of a plan.',
  '--plan': 'Use --terraform FILE for the JSON of a plan.',
  '-v': (command) => `${verbose(command)} The version is printed by: \`purgeproof --version\``,
  '--verbose': debug,
  '--log-level': debug,
  '--silent': 'Use --quiet.',
  '-s': (command) => (command === 'apply' ? undefined : 'Use --subscription NAME, or --quiet for silence.'),
  '--only-show-errors': 'Use --quiet.',
  '--subscriptions': 'Use --subscription NAME, again and again or with commas.',
  '--subscription-id': 'Use --subscription, which takes ids and names.',
  '--subscription-ids': 'Use --subscription, which takes ids and names, with commas between them.',
  '--all': 'Leave it out: without --subscription everything that you can see is scanned.',
  '-g': 'Use --resource-group NAME.',
  '-n': 'Use --vault NAME.',
  '--name': 'Use --vault NAME.',
  '--vault-name': 'Use --vault NAME.',
  '--hsm-name': 'Use --vault NAME, which managed HSMs match as well.',
  '--tags': 'Use --tag NAME=VALUE, again and again.',
  '--resource-tags': 'Use --tag NAME=VALUE, again and again.',
  '--query': 'Write the report with --output json, and query it with jq.',
  '--severity': severity,
  '--min-severity': severity,
  '--exit-code': failOn,
  '--hard-fail-on': failOn,
  '--soft-fail': 'The exit code says what was found: --fail-on critical raises the bar.',
  '--ignore-exit-code': 'The exit code says what was found: --fail-on critical raises the bar.',
  '--check': rule,
  '--checks': rule,
  '--rules': rule,
  '-c': `${rule} --config FILE names a configuration.`,
  '--compliance': framework,
  '--benchmark': framework,
  '--standard': framework,
  '--skip-check': 'Use --exclude-rule ID.',
  '--skip-rule': 'Use --exclude-rule ID.',
  '--exclude': 'Use --exclude-rule ID to skip a rule, or --exemptions FILE to accept a risk.',
  '--ignorefile': 'Use --exemptions FILE, which says what was accepted, why and until when.',
  '--ignore-file': 'Use --exemptions FILE, which says what was accepted, why and until when.',
  '--mutelist-file': 'Use --exemptions FILE, which says what was accepted, why and until when.',
  '--baseline':
    'purgeproof scan takes it: a JSON report to compare with. --exemptions FILE accepts what is known.',
  '--config-file': 'Use --config FILE.',
  '--external-checks-dir': 'Use --policies FOLDER for your own rules.',
  '--policy': 'Use --policies PATH for your own rules.',
  '--list': 'Every rule is listed by: `purgeproof rules list`',
  '-l': 'Every rule is listed by: `purgeproof rules list`',
  '--fix': `A scan writes nothing. ${planFirst}`,
  '--dry-run': (command) =>
    command === 'apply'
      ? undefined
      : 'Leave it out: only the commands apply and deleted write, and apply has it.',
  '--dryrun': (command) => (command === 'apply' ? 'Use --dry-run.' : undefined),
  '--auto-approve': (command) => (command === 'apply' ? 'Use --yes.' : undefined),
  '--force': (command) => (command === 'apply' ? 'Use --yes, and --allow RISK by name.' : undefined),
  '-y': (command) => (writers.has(command) ? 'Use --yes.' : undefined),
  '--timeout': 'Use --request-timeout for a request to Azure, such as 10m.',
};
