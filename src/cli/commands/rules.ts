import type { Command } from 'commander';
import { compareText } from '../../model/compare-text.ts';
import { UsageError } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import { columns } from '../../reporters/terminal/columns.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import { prefilterQuery } from '../../rules/kql/query.ts';
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
  const rows = rules
    .toSorted((a, b) => compareText(a.id, b.id))
    .map((rule) => [rule.id, rule.name, rule.severity, rule.resourceTypes.join(', '), rule.title]);
  const head = ['id', 'name', 'severity', 'applies to', 'title'];
  await world.stdout.write(columns([head, ...rows.map((row) => row.map(terminalText))]));
  return 0;
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
