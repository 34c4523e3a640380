import { type Command, InvalidArgumentError, Option } from 'commander';
import { exportedEffects } from '../../azure-policy/export-parameters.ts';
import { compareText } from '../../model/compare-text.ts';
import { type Problem, problemLine, UsageError } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import { inReadingOrder } from '../../documents/document.ts';
import type { ruleTestsFormats } from '../../reporters/rule-tests.ts';
import { ruleList } from '../../reporters/rule-list.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { compileRule } from '../../rules/evaluate.ts';
import { findRules } from '../../rules/find-rule.ts';
import { prefilterQuery } from '../../rules/kql/push-down.ts';
import { severities } from '../../model/severity.ts';
import { operators } from '../../rules/operators/index.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { hasRows, knownType } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { choice, namesFlag, repeatable } from '../choice.ts';
import type { ExportFlags } from '../export-rules.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { addCommonFlags, addPolicyFlags, frameworkFlag, outputFlag } from '../flags.ts';
import { policyPaths } from '../scan-options.ts';
import { terminalOf } from '../terminal.ts';
import type { NewRuleFlags } from '../new-rule.ts';
import type { TestFlags } from '../test-rules.ts';
import { whyNotJudged } from '../../usecases/settings/policy-effects.ts';
import { prepareRules, servingRules } from '../../usecases/settings/prepare-rules.ts';
import { unknownRules } from '../../usecases/settings/rules-found.ts';
import { readRules } from '../../usecases/settings/load-policies.ts';

interface PolicyOptions {
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
}

interface ShownOptions extends PolicyOptions {
  readonly output?: 'text' | 'markdown' | 'json';
  readonly color?: boolean;
}

interface ListedOptions extends ShownOptions {
  readonly framework: readonly string[];
}

/** `purgeproof rules list|show|kql|check|export`. */
export function addRulesCommand(program: Command, context: CommandContext): void {
  const command = program.command('rules').description('list, explain, check and export rules');
  withPolicies(command.command('list').description('list every rule, one per line'))
    .addOption(choice('-o, --output <format>', 'how to show them (default: text)', ['text', 'json']))
    .addOption(frameworkFlag())
    .action(async (options: ListedOptions) => context.finish(await list(options, context)));
  withPolicies(
    command
      .command('show <id>')
      .description('explain one rule: why it matters, what is checked, how to fix it'),
  )
    .addOption(
      choice('-o, --output <format>', 'how to show it (default: text on a terminal, else markdown)', [
        'text',
        'markdown',
        'json',
      ]),
    )
    .action(async (id: string, options: ShownOptions) => context.finish(await show(id, options, context)));
  withPolicies(
    command
      .command('kql [ids...]')
      .description('print the Resource Graph query that finds resources which may fail the rules'),
  ).action(async (ids: readonly string[], options: PolicyOptions) =>
    context.finish(await kql(ids, options, context)),
  );
  withPolicies(
    command
      .command('export [ids...]')
      .description('write rules as definitions of another system, for it to enforce them'),
  )
    .addOption(choice('--to <system>', 'system to write for', ['azure-policy']).makeOptionMandatory())
    .addOption(choice('--effect <effect>', 'default effect', exportedEffects).default('audit'))
    .option('--initiative', 'also write an initiative that holds them all')
    .option(
      '--scope <id>',
      'where the definitions of the initiative will be: a subscription or a management group, by its ARM id',
    )
    .action(async (ids: readonly string[], options: PolicyOptions & ExportFlags) => {
      const { rules } = await loadRules(options, context.world);
      const { exportRules } = await import('../export-rules.ts');
      context.finish(await exportRules(rules, ids, { flags: options, context }));
    });
  addNewCommand(command, context);
  addTestCommand(command, context);
  addCommonFlags(
    command
      .command('check <files...>')
      .description('check rule files and folders; every mistake is reported as file:line:col'),
  ).action(async (paths: readonly string[]) => context.finish(await check(paths, context)));
}

const testExits: ExitWords = {
  0: 'every example is right; with --strict, they show all of every rule',
  1: 'an example is wrong, a rule has none, or with --strict, something is not shown',
  2: 'could not: a path, a flag or a rule file is wrong',
};

const testHelp = `
Judges every example of every rule, and says what no example shows: that the rule passes, fails and leaves out; each field
that it reads unset, null, empty and of a wrong type; each comparison both ways. For each of those it prints an example to
paste. Without a path, the rules in the folder policies are tested.

Examples:
  purgeproof rules test
  purgeproof rules test my-rules/ --strict --output table --output junit=rules.xml
  purgeproof rules test --built-in --rule AKV003
${exitCodesHelp(testExits)}`;

function endings({ strict }: TestFlags): ExitWords {
  return {
    1:
      strict === true
        ? 'an example is wrong, a rule has none, or something is not shown'
        : 'an example is wrong, or a rule has none',
  };
}

const newExits: ExitWords = { 0: 'written', 2: 'refused, and nothing was written' };

const newHelp = `
Writes a rule file with remarks and with examples that are its tests, which is valid as it is: by default into the folder
policies. A file that is there is never replaced, and an id that is taken is refused.

Examples:
  purgeproof rules new
  purgeproof rules new ORG007 --field properties.publicNetworkAccess --value Disabled --severity high
  purgeproof rules new my-rules/retention.yaml --field properties.softDeleteRetentionInDays --value 60 --tag env=production
  purgeproof rules new - --type managed-hsm --field properties.enablePurgeProtection
${exitCodesHelp(newExits)}`;

/** Adds `purgeproof rules new`: flags → a rule file to begin with. */
function addNewCommand(parent: Command, context: CommandContext): void {
  const types = resourceTypes.map(({ words }) => words.one.toLowerCase().replaceAll(' ', '-'));
  addCommonFlags(
    parent
      .command('new [file]')
      .description(
        'write a rule to begin with: a file, a folder that ends in /, an id, or - for standard output',
      )
      .option('--id <id>', 'its id (default: the first of ORG001, ORG002 … that is free)')
      .option('--name <name>', 'its name (default: that of the field)')
      .option('--title <text>', 'what is true where it passes')
      .option('--description <text>', 'why it matters')
      .addOption(choice('--severity <severity>', 'how bad it is', severities).default('medium'))
      .addOption(choice('--type <type>', 'what it is about', types).default('vault'))
      .option('--field <path>', 'the field that it compares', 'tags.owner')
      .addOption(
        choice('--operator <operator>', 'how (default: by the type of the field)', Object.keys(operators)),
      )
      .option('--value <value>', 'what with; several for in and notIn, separated by commas')
      .addOption(
        new Option('--tag <name=value>', 'apply it only to resources with this tag').argParser(readTag),
      )
      .addOption(repeatable('--policies <path>', 'file or folder with your other rules, whose ids are taken'))
      .addHelpText('after', newHelp),
  ).action(async (file: string | undefined, flags: NewRuleFlags) => {
    const { writeNewRule } = await import('../new-rule.ts');
    context.finish(await writeNewRule(file, flags, context));
  });
}

function readTag(text: string): NonNullable<NewRuleFlags['tag']> {
  const [, name, value] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  throw new InvalidArgumentError('It must be NAME=VALUE, such as env=production.');
}

/** The names of the formats: they are loaded where rules are tested. */
const testFormats: Readonly<Record<keyof typeof ruleTestsFormats, unknown>> = {
  table: undefined,
  json: undefined,
  junit: undefined,
};

/** Adds `purgeproof rules test`: the examples of rules, and what they show. */
function addTestCommand(parent: Command, context: CommandContext): void {
  addCommonFlags(
    parent
      .command('test [paths...]')
      .description('test rules by their examples, and say what no example shows')
      .option('--built-in', 'test the rules that ship with purgeproof')
      .addOption(namesFlag('--rule <id>', 'test only this rule, by id or name'))
      .option('--strict', 'exit 1 for what no example shows as well')
      .addOption(outputFlag(testFormats))
      .addHelpText('after', testHelp),
  ).action(async (paths: readonly string[], flags: TestFlags) => {
    const { testRuleFiles } = await import('../test-rules.ts');
    context.finish(await testRuleFiles(paths, flags, context), endings(flags));
  });
}

function withPolicies(command: Command): Command {
  return addCommonFlags(addPolicyFlags(command));
}

async function loadRules(
  options: PolicyOptions,
  world: CommandContext['world'],
): ReturnType<typeof readRules> {
  const { policies, defaultPolicies } = options;
  return readRules(policyFiles(world), { policyPaths: policyPaths(policies), defaultPolicies });
}

async function list(options: ListedOptions, { world }: CommandContext): Promise<number> {
  const { rules: all } = await loadRules(options, world);
  const rules = servingRules(
    all,
    options.framework.map((framework) => ({ framework, origin: `--framework ${framework}` })),
  );
  const sorted = rules.toSorted((a, b) => compareText(a.id, b.id));
  if (options.output === 'json') {
    const summaries = sorted.map((rule) => {
      const { id, name, severity, resourceTypes, title, builtIn } = rule;
      return { id, name, severity, resourceTypes, title, builtIn, notEvaluated: whyUsuallyNotJudged(rule) };
    });
    await world.stdout.write(`${JSON.stringify(summaries, null, 2)}\n`);
    return 0;
  }
  const judged = sorted.filter((rule) => whyUsuallyNotJudged(rule) === undefined);
  const { isTTY, columns: width } = world.stdout;
  const table = ruleList(judged, isTTY && width > 0 ? width : undefined);
  await world.stdout.write(`${table}${notEvaluatedList(sorted)}`);
  return 0;
}

function whyUsuallyNotJudged(rule: Rule): string | undefined {
  return whyNotJudged(compileRule(rule, {}));
}

/** The definitions of Azure Policy by which nothing is judged, two lines each. */
function notEvaluatedList(rules: readonly Rule[]): string {
  const lines = rules.flatMap((rule) => {
    const reason = whyUsuallyNotJudged(rule);
    return reason === undefined ? [] : [`${rule.id}  ${rule.title}`, `  ${reason}`].map(terminalText);
  });
  return lines.length === 0 ? '' : `\nNot evaluated:\n\n${lines.join('\n')}\n`;
}

async function show(id: string, options: ShownOptions, { world }: CommandContext): Promise<number> {
  const { rules } = await loadRules(options, world);
  const rule = ruleNamed(rules, id);
  const { ruleBlocks, ruleJson, rulePage } = await import('../../rules/rule-page.ts');
  const { pageText } = await import('../../reporters/terminal/page.ts');
  const { output = world.stdout.isTTY ? 'text' : 'markdown', color = true } = options;
  const renderings = {
    text: () => [...pageText(ruleBlocks(rule), terminalOf({}, world, color))].join(''),
    markdown: () => rulePage(rule),
    json: () => ruleJson(rule),
  };
  await world.stdout.write(renderings[output]());
  return 0;
}

async function kql(
  ids: readonly string[],
  options: PolicyOptions,
  { world }: CommandContext,
): Promise<number> {
  const { rules } = await loadRules(options, world);
  const compiled = prepareRules(rules, {
    ...everyRule,
    ...options,
    rules: ids.map((rule) => ({ rule, origin: `rules kql ${rule}` })),
  });
  const others = compiled.filter((one) => !isAboutRows(one));
  if (ids.length > 0 && others.length > 0) {
    const [first] = others;
    const reason = first?.rule.policy?.notEvaluated;
    if (reason !== undefined) throw new UsageError(`${first?.rule.id ?? ''} is not evaluated. ${reason}`);
    throw new UsageError(
      `${first?.rule.id ?? ''} is about ${first?.rule.resourceTypes.join(' and ') ?? ''}, which Resource Graph does not hold.`,
      'No query finds what fails it: purgeproof reads that from Azure Resource Manager.',
    );
  }
  await world.stdout.write(prefilterQuery(compiled.filter(isAboutRows)));
  return 0;
}

/** True for a rule on a type that the table `resources` of Resource Graph has; types that purgeproof does not know may be there. */
function isAboutRows({ rule }: CompiledRule): boolean {
  if (rule.policy?.notEvaluated !== undefined) return false;
  return rule.resourceTypes.some((type) => knownType(type) === undefined || hasRows(type));
}

const everyRule = { rules: [], excludeRules: [], parameters: [], severities: [] } as const;

async function check(paths: readonly string[], { world }: CommandContext): Promise<number> {
  const policyPaths = paths.map((path) => ({ path, origin: path }));
  const read = await readRules(policyFiles(world), { policyPaths, defaultPolicies: true });
  for (const warning of read.warnings)
    await world.stdout.write(`${problemLine({ ...warning, message: `warning: ${warning.message}` })}\n`);
  const own = read.rules.filter(({ builtIn }) => !builtIn);
  const notEvaluated = inReadingOrder([...own.flatMap(notJudgedProblem), ...(read.passedOver ?? [])]);
  for (const problem of notEvaluated) await world.stdout.write(`${problemLine(problem)}\n`);
  const valid = own.filter((rule) => whyUsuallyNotJudged(rule) === undefined).length;
  const rest = notEvaluated.length;
  await world.stdout.write(
    `${valid} ${valid === 1 ? 'rule is' : 'rules are'} valid.${rest === 0 ? '' : ` ${rest} ${rest === 1 ? 'definition is' : 'definitions are'} not evaluated.`}\n`,
  );
  return 0;
}

function notJudgedProblem(rule: Rule): readonly Problem[] {
  const reason = whyUsuallyNotJudged(rule);
  return reason === undefined
    ? []
    : [{ ...rule.location, message: `${rule.id} is not evaluated: ${reason}` }];
}

function ruleNamed(rules: readonly Rule[], id: string): Rule {
  const [mistake] = unknownRules({ named: rules, areAll: true }, [{ rule: id, origin: 'rules show' }]);
  if (mistake !== undefined) throw new UsageError(mistake.message, mistake.hint);
  const [rule] = findRules(id, rules);
  if (rule === undefined) throw new Error(`the rule ${id} was found, and is not there`);
  return rule;
}
