import { type Command, InvalidArgumentError, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportExemptions } from '../../azure-policy/export-exemptions.ts';
import { lockUnlessUnwritable } from '../../files/apply/file-lock.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { type FilePlace, resolvedPathOf } from '../../files/destinations/file-identity.ts';
import { writeDocument } from '../../files/destinations/write-file.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { UsageError } from '../../model/errors.ts';
import type { Exemption, ExemptionCategory } from '../../model/exemption.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import { type ExemptionListFormat, exemptionListFormats } from '../../reporters/exemptions.ts';
import { asJson } from '../../reporters/format.ts';
import { shellPath } from '../../reporters/text/shell.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { noticeLine } from '../../reporters/words/exemption.ts';
import { listExemptions, needsReview } from '../../rules/exemptions/terms.ts';
import { readAs } from '../../usecases/read-as.ts';
import { readReport } from '../../usecases/report/report-file.ts';
import { knownRules } from '../../usecases/settings/rules-found.ts';
import { readRules } from '../../usecases/settings/load-policies.ts';
import { readConfiguration } from '../../usecases/settings/read-configs.ts';
import { choice, repeatable } from '../choice.ts';
import { type ConfigurationFlags, configurationOf, refuseStrays } from '../configuration.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { addCommonFlags, addPolicyFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { policyPaths } from '../scan-options.ts';
import { tell, terminalOf } from '../terminal.ts';

/** The flags of every command about exemptions. */
interface FileOptions extends ConfigurationFlags {
  readonly exemptions?: string;
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  readonly color: boolean;
}

interface AddOptions extends FileOptions {
  readonly rule: string;
  readonly resource?: string;
  readonly resourceGroup?: string;
  readonly subscription?: string;
  readonly managementGroup?: string;
  readonly name?: string;
  readonly tag: Readonly<Record<string, string>>;
  readonly category: ExemptionCategory;
  readonly reason: string;
  readonly owner?: string;
  readonly ticket?: string;
  readonly expires: string;
}

interface ListOptions extends FileOptions {
  readonly report?: string;
  readonly output: readonly string[];
}

interface ExportOptions extends FileOptions {
  readonly assignment: readonly string[];
  readonly reference: readonly string[];
  readonly output: readonly string[];
}

const defaultFile = 'exemptions.yaml';

/** Adds `purgeproof exemptions`: adds, lists and exports accepted risks. Azure is not asked. */
export function addExemptionsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('exemptions')
    .description('add, list and export accepted risks: what is exempt, by whom, why and until when');
  addAddCommand(command, context);
  addListCommand(command, context);
  addExportCommand(command, context);
}

const addExits: ExitWords = { 0: 'added', 2: 'refused, and nothing was written' };

function addAddCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('add')
    .description('add an exemption to the exemptions file, and make the file where there is none')
    .requiredOption('--rule <id>', 'the rule that is exempted from, by id or name; * for every rule')
    .option('--resource <id>', 'what is exempt: this resource, by its full id')
    .option('--resource-group <name>', 'this resource group, by name or id')
    .option('--subscription <id>', 'this subscription, by id or display name')
    .option('--management-group <id>', 'what is below this management group, by id or display name')
    .option('--name <pattern>', 'resources with this name; * stands for any characters')
    .addOption(
      new Option('--tag <name=value>', 'resources with this tag (repeatable)')
        .default({}, 'none')
        .argParser(readTag),
    )
    .addOption(
      choice('--category <category>', 'waiver: the risk is accepted; mitigated: something else covers it', [
        'waiver',
        'mitigated',
      ]).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, for auditors')
    .requiredOption('--expires <date>', 'the last day, in UTC: YYYY-MM-DD')
    .option('--owner <name>', 'who is responsible')
    .option('--ticket <id>', 'where it was approved')
    .addHelpText(
      'after',
      `
What is exempt must match all that is given of it. Comments and the layout of the file stay as they are.

Examples:
  purgeproof exemptions add --rule AKV002 --name "kv-sandbox-*" --category waiver \\
    --reason "Rebuilt every night." --owner platform --ticket SEC-1204 --expires 2027-03-01
${exitCodesHelp(addExits)}`,
    );
  withFile(command).action(async (options: AddOptions) => {
    await add(options, context);
    context.finish(0);
  });
}

function readTag(text: string, previous: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [name = '', ...value] = text.split('=');
  if (name === '' || value.length === 0) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...previous, [name]: value.join('=') };
}

const listExits: ExitWords = {
  0: 'nothing to do',
  1: 'one has expired, ends within 14 days, or covers nothing',
  2: 'could not: a file cannot be read',
  3: 'the report does not tell what all of them cover: it is incomplete, of a part, or did not judge their rules',
};

function addListCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('list')
    .description('list the exemptions of the file, with their days left')
    .option('--report <file>', 'a JSON report: how many of its findings each covers')
    .addOption(outputFlag(exemptionListFormats))
    .addHelpText('after', exitCodesHelp(listExits));
  withFile(command).action(async (options: ListOptions) =>
    context.finish(await list(options, context), listExits),
  );
}

const exportExits: ExitWords = {
  0: 'all of those in force are exported',
  1: 'some cannot be said in Azure Policy: standard error names them, and why',
  2: 'could not: a file cannot be read or written',
};

function addExportCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('export')
    .description('print the exemptions in force as exemptions of Azure Policy; nothing is sent')
    .addOption(choice('--to <target>', 'the form (default: azure-policy)', ['azure-policy']))
    .addOption(
      repeatable(
        '--assignment <[rule=]id>',
        'the assignment of the policy that a rule corresponds to; without a rule, that of an initiative',
      ),
    )
    .addOption(
      repeatable('--reference <rule=id>', 'the reference id of a policy in the initiative, for a rule'),
    )
    .addOption(outputFlag({ json: asJson }, 'where to write it'))
    .addHelpText(
      'after',
      `
An exemption that Azure Policy cannot say is left out, so that nothing more is exempt there than here. Each of the others is a
resource; its id is the address to PUT it to, with its properties as the body.

Examples:
  purgeproof exemptions export --assignment "AKV002=<id of the assignment>" > exemptions.json
  purgeproof exemptions export --assignment "<id of the assignment>" \\
    --reference AKV002=keyVaultsShouldHavePurgeProtectionEnabledMonitoringEffect
${exitCodesHelp(exportExits)}`,
    );
  withFile(command).action(async (options: ExportOptions) =>
    context.finish(await exportAll(options, context), exportExits),
  );
}

function withFile(command: Command): Command {
  addPolicyFlags(command)
    .option(
      '--exemptions <file>',
      `the exemptions file (default: that of the configuration, else ${defaultFile})`,
    )
    .option(
      '--config <file>',
      'configuration file (default: the purgeproof.yaml in the working folder or above it)',
    )
    .option('--no-config', 'read no configuration file');
  return addCommonFlags(command);
}

/** The exemptions file that is meant, the rules that it may name, and the files of the command. */
async function fileAndRules(options: FileOptions, { world }: CommandContext) {
  const files = policyFiles(world);
  const configFile = await configurationOf(options, world);
  const config = await readConfiguration(files, configFile);
  const { rules } = await readRules(files, {
    policyPaths: [
      ...(config?.paths ?? []).filter(({ key }) => key === 'policies'),
      ...policyPaths(options.policies),
    ],
    defaultPolicies: options.defaultPolicies && (config?.defaultPolicies ?? true),
  });
  const named = options.exemptions ?? config?.exemptions;
  return {
    files,
    rules: knownRules({ rules, faulty: [], areAll: true }),
    path: named ?? defaultFile,
    isNamed: named !== undefined,
    /** The configuration that names the path, where nobody has named the configuration. */
    foundBy: options.exemptions === undefined && options.config === undefined ? configFile : undefined,
  };
}

async function add(options: AddOptions, context: CommandContext): Promise<void> {
  const { world } = context;
  const { files, rules, path, isNamed, foundBy } = await fileAndRules(options, context);
  if (isNamed && foundBy !== undefined)
    await refuseStrays([{ path }], { config: foundBy, cwd: world.cwd, kind: 'exemptions' });
  const scope = scopeOf(options);
  if (Object.keys(scope).length === 0)
    throw new UsageError(
      'What is exempt is not said.',
      'Name it with --resource, --resource-group, --subscription, --management-group, --name or --tag.',
    );
  const { category, reason, owner, ticket, expires: expiresOn, rule } = options;
  const exemption = {
    rule,
    scope,
    category,
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    expiresOn,
  };
  const { item, line } = await alone({ path, cwd: world.cwd }, async (place) => {
    const isThere = await stat(resolve(place.cwd, path)).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    );
    const source = isThere ? await files.readFile(path) : { file: path, bytes: undefined };
    const { addExemption } = await import('../../usecases/exemptions.ts');
    const added = await readAs(
      'exemptions',
      { file: source.file, bytes: source.bytes ?? new Uint8Array() },
      () => addExemption({ ...source, exemption, rules, now: world.now() }),
    );
    await writeDocument(() => [added.text], place);
    return added;
  });
  await world.stdout.write(
    `${terminalText(`${path}:${line}`)}\n${item.split('\n').map(terminalText).join('\n')}`,
  );
  if (!isNamed && options.quiet !== true)
    await tell(
      `It counts in a scan with --exemptions ${shellPath(path)}, or with exemptions: ${terminalText(path)} in purgeproof.yaml.`,
      world,
    );
}

/** Keeps others from adding to a file that was read before they did: what they add would be lost. */
async function alone<T>(place: FilePlace, change: (place: FilePlace) => Promise<T>): Promise<T> {
  const lock = await lockUnlessUnwritable(
    () => resolvedPathOf(place),
    'Another exemptions add is changing this file.',
  );
  try {
    return await change(place);
  } finally {
    await lock?.release();
  }
}

function scopeOf({
  resource,
  resourceGroup,
  subscription,
  managementGroup,
  name,
  tag,
}: AddOptions): ResourceScope {
  return {
    ...(resource === undefined ? {} : { resource }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(managementGroup === undefined ? {} : { managementGroup }),
    ...(name === undefined ? {} : { name }),
    ...(Object.keys(tag).length === 0 ? {} : { tag }),
  };
}

async function exemptionsOf(options: FileOptions, context: CommandContext) {
  const { files, rules, path } = await fileAndRules(options, context);
  const { loadExemptions } = await import('../../usecases/settings/user-files.ts');
  const exemptions = await readAs('exemptions', await files.readFile(path), (file) =>
    loadExemptions(file, rules),
  );
  return { files, path, rules, exemptions };
}

async function list(options: ListOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = readDestinations<ExemptionListFormat>(options.output, exemptionListFormats);
  const { files, path, exemptions } = await exemptionsOf(options, context);
  await checkDestinations(destinations, { cwd: world.cwd, files: [path, options.report] });
  const report =
    options.report === undefined
      ? undefined
      : await readAs('report', await files.readFile(options.report), ({ bytes, file }) =>
          readReport(bytes, file),
        );
  const listed = listExemptions(exemptions, { report, now: world.now() });
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(listed, terminalOf(to, world, options.color)),
    world,
  );
  const isKnown = listed.every(({ covers }) => covers !== 'notKnown');
  return exitCodeWith(lost, isKnown ? Number(listed.some(needsReview)) : 3, world);
}

async function exportAll(options: ExportOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = readDestinations(options.output, { json: asJson });
  const { path, rules, exemptions } = await exemptionsOf(options, context);
  await checkDestinations(destinations, { cwd: world.cwd, files: [path] });
  const { exportTarget } = await import('../../usecases/exemptions.ts');
  const inForce = listExemptions(exemptions, { report: undefined, now: world.now() })
    .filter(({ state }) => state !== 'expired')
    .map(({ exemption }) => exemption);
  const exported = exportExemptions(inForce, exportTarget(options, rules));
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(exported.exemptions, undefined),
    world,
  );
  for (const { exemption, reason } of exported.leftOut) await tell(leftOutLine(exemption, reason), world);
  return exitCodeWith(lost, exported.leftOut.length > 0 ? 1 : 0, world);
}

function leftOutLine({ location, rule }: Exemption, reason: string): string {
  return terminalText(
    noticeLine({ at: location, message: `the exemption from ${rule} is left out: ${reason}` }),
  );
}
