import type { Command } from 'commander';
import stringWidth from 'fast-string-width';
import { exportedEffects } from '../../azure-policy/export-parameters.ts';
import { compareText } from '../../model/compare-text.ts';
import { type Problem, problemLine, UsageError } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import { inReadingOrder } from '../../documents/document.ts';
import { columns } from '../../reporters/terminal/columns.ts';
import { wrap } from '../../reporters/terminal/wrap.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { compileRule } from '../../rules/evaluate.ts';
import { findRules } from '../../rules/find-rule.ts';
import { prefilterQuery } from '../../rules/kql/push-down.ts';
import { hasRows, knownType } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { choice } from '../choice.ts';
import type { ExportFlags } from '../export-rules.ts';
import { addCommonFlags, addPolicyFlags } from '../flags.ts';
import { policyPaths } from '../scan-options.ts';
import { terminalOf } from '../terminal.ts';
import { whyNotJudged } from '../../usecases/settings/policy-effects.ts';
import { prepareRules } from '../../usecases/settings/prepare-rules.ts';
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

/** `purgeproof rules list|show|kql|check|export`. */
export function addRulesCommand(program: Command, context: CommandContext): void {
  const command = program.command('rules').description('list, explain, check and export rules');
  withPolicies(command.command('list').description('list every rule, one per line'))
    .addOption(choice('-o, --output <format>', 'how to show them (default: text)', ['text', 'json']))
    .action(async (options: ShownOptions) => context.finish(await list(options, context)));
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
  addCommonFlags(
    command
      .command('check <files...>')
      .description('check rule files and folders; every mistake is reported as file:line:col'),
  ).action(async (paths: readonly string[]) => context.finish(await check(paths, context)));
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

async function list(options: ShownOptions, { world }: CommandContext): Promise<number> {
  const { rules } = await loadRules(options, world);
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
  const table = isTTY && width > 0 ? fittedList(judged, width) : wholeList(judged);
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

const listHead = ['id', 'name', 'severity', 'applies to', 'title'];

/** Every rule on a line of its own, for scripts. */
function wholeList(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, name, severity, resourceTypes, title }) => {
    return [id, name, severity, resourceTypes.join(', '), title];
  });
  return columns([listHead, ...rows.map((row) => row.map(terminalText))]);
}

/** Titles have a column of their own where it can be as wide as this. */
const leastTitleWidth = 36;

/** The types of a rule take a line each beyond this. */
const mostTypesWidth = 36;

/** Every rule within the width of a terminal, with words for the types; of a narrow one, in two lines. */
function fittedList(rules: readonly Rule[], width: number): string {
  const rows = rules.map(({ id, name, severity, resourceTypes }) => {
    const types = terminalText(typesInWords(resourceTypes));
    const cell = stringWidth(types) <= mostTypesWidth ? types : types.replaceAll(', ', ',\n');
    return [...[id, name, severity].map(terminalText), cell];
  });
  const table = [listHead.slice(0, -1), ...rows];
  const left = Math.max(
    ...columns(table)
      .split('\n')
      .map((line) => stringWidth(line)),
  );
  const rest = width - left - 2;
  if (rest < leastTitleWidth) return stackedList(rules, width);
  const titles = ['title', ...rules.map(({ title }) => wrap(terminalText(title), rest).join('\n'))];
  return columns(table.map((row, index) => row.concat(titles[index] ?? '')));
}

function stackedList(rules: readonly Rule[], width: number): string {
  const start = rules.map(({ id, severity }) => [id, severity].map(terminalText));
  const left = Math.max(...start.map(([id = '', severity = '']) => stringWidth(`${id}  ${severity}  `)), 0);
  const rows = rules.map(({ name, title, resourceTypes }, index) => {
    const lines = [title, `${name}, of ${typesInWords(resourceTypes)}`].map(terminalText);
    const fitting = lines.flatMap((line) => wrap(line, Math.max(20, width - left)));
    return [...(start[index] ?? []), fitting.join('\n')];
  });
  return columns([['id', 'severity', 'title, name and types'], ...rows]);
}

function typesInWords(types: readonly string[]): string {
  return types.map((type) => knownType(type)?.words.many ?? type).join(', ');
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
