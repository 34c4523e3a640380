import type { Command } from 'commander';
import stringWidth from 'fast-string-width';
import { compareText } from '../../model/compare-text.ts';
import { UsageError } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import { columns } from '../../reporters/terminal/columns.ts';
import { wrap } from '../../reporters/terminal/wrap.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import { prefilterQuery } from '../../rules/kql/push-down.ts';
import { hasRows, knownType } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { addCommonFlags, addPolicyFlags } from '../flags.ts';
import { policyPaths } from '../scan-options.ts';
import { prepareRules } from '../../usecases/settings/prepare-rules.ts';
import { refuseMissing } from '../../usecases/settings/named-paths.ts';
import { readRules } from '../../usecases/settings/load-policies.ts';

interface PolicyOptions {
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
}

/** `purgeproof rules list|show|kql|check`. */
export function addRulesCommand(program: Command, context: CommandContext): void {
  const command = program.command('rules').description('list, explain and check rules');
  withPolicies(command.command('list').description('list every rule, one per line')).action(
    async (options: PolicyOptions) => context.finish(await list(options, context)),
  );
  withPolicies(
    command
      .command('show <id>')
      .description('explain one rule: why it matters, what is checked, how to fix it'),
  ).action(async (id: string, options: PolicyOptions) => context.finish(await show(id, options, context)));
  withPolicies(
    command
      .command('kql [ids...]')
      .description('print the Resource Graph query that finds resources which may fail the rules'),
  ).action(async (ids: readonly string[], options: PolicyOptions) =>
    context.finish(await kql(ids, options, context)),
  );
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
  const files = policyFiles(world);
  await refuseMissing(policyPaths(options.policies), files);
  return readRules(files, options);
}

async function list(options: PolicyOptions, { world }: CommandContext): Promise<number> {
  const { rules } = await loadRules(options, world);
  const sorted = rules.toSorted((a, b) => compareText(a.id, b.id));
  const { isTTY, columns: width } = world.stdout;
  await world.stdout.write(isTTY && width > 0 ? fittedList(sorted, width) : wholeList(sorted));
  return 0;
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

async function show(id: string, options: PolicyOptions, { world }: CommandContext): Promise<number> {
  const { rules } = await loadRules(options, world);
  const { rulePage } = await import('../../rules/rule-page.ts');
  await world.stdout.write(rulePage(ruleNamed(rules, id)));
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
  return rule.resourceTypes.some((type) => knownType(type) === undefined || hasRows(type));
}

const everyRule = { rules: [], excludeRules: [], parameters: [], severities: [] } as const;

async function check(paths: readonly string[], { world }: CommandContext): Promise<number> {
  const files = policyFiles(world);
  await refuseMissing(
    paths.map((path) => ({ path, origin: path, kind: 'file or folder' })),
    files,
  );
  const { rules, warnings } = await readRules(files, { policies: paths, defaultPolicies: true });
  for (const { file, line, column, message } of warnings) {
    await world.stdout.write(`${file}:${line}:${column}  warning: ${message}\n`);
  }
  const own = rules.filter(({ builtIn }) => !builtIn).length;
  await world.stdout.write(`${own} ${own === 1 ? 'rule is' : 'rules are'} valid.\n`);
  return 0;
}

function ruleNamed(rules: readonly Rule[], id: string): Rule {
  const wanted = id.toLowerCase();
  const rule = rules.find((each) => each.id.toLowerCase() === wanted || each.name === wanted);
  if (rule !== undefined) return rule;
  const known = rules.flatMap((each) => [each.id, each.name]);
  throw new UsageError(
    `There is no rule ${id}.${didYouMean(id, known)}`,
    'purgeproof rules list shows every rule.',
  );
}
