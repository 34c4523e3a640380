import type { Command } from 'commander';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { ComparisonFormat } from '../../reporters/diff/format.ts';
import { comparisonFormats } from '../../reporters/diff/formats.ts';
import { shellCommand } from '../../reporters/text/shell.ts';
import { compareFiles, comparisonExitCode } from '../../usecases/compare.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { addCommonFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { inFull } from '../next-commands.ts';
import { terminalOf } from '../terminal.ts';
import { UsageError } from '../../model/errors.ts';
import { journalFormats } from '../../reporters/journal.ts';
import { readAs } from '../../usecases/read-as.ts';
import { readJournal } from '../../remediation/journal-text.ts';

const exits: ExitWords = {
  0: 'nothing became worse',
  1: 'something is new, or became worse',
  2: 'could not: a file is no JSON report, or the comparison could not be written',
  3: 'incomplete: a report is, or it does not cover what the other one tells of',
};

const help = `
Findings are compared by rule and resource: another title, or code that moved, makes no difference. What one report did not
read, or did not judge, is neither new nor gone.

Examples:
  purgeproof diff yesterday.json today.json
  purgeproof diff yesterday.json today.json --output markdown=changes.md --output json=changes.json
${exitCodesHelp(exits)}`;

/** The flags of a comparison. */
interface DiffOptions {
  readonly output: readonly string[];
  readonly verbose?: true;
  readonly inventoryComplete?: true;
  readonly color: boolean;
}

/** Adds `purgeproof diff`: two reports → what became of the findings. Azure is not asked. */
export function addDiffCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('diff')
    .description('compare two JSON reports: what is new, worse, better or gone')
    .argument('<older>', 'the JSON report of the earlier scan')
    .argument('<newer>', 'the JSON report of the later scan')
    .addOption(outputFlag(comparisonFormats, 'how to show the comparison'))
    .option('--verbose', 'list every finding on a terminal, too')
    .option(
      '--inventory-complete',
      'the inventories behind the reports are whole: what they leave out is gone',
    )
    .addHelpText('after', help);
  addCommonFlags(command).action(async (older: string, newer: string, options: DiffOptions) =>
    context.finish(await diffReports([older, newer], options, context), exits),
  );
}

async function diffReports(
  [older, newer]: readonly [string, string],
  { output, verbose, inventoryComplete, color }: DiffOptions,
  { world }: CommandContext,
): Promise<number> {
  const destinations = readDestinations<ComparisonFormat>(output, comparisonFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: [older, newer] });
  const files = policyFiles(world);
  const comparison = await compareFiles([older, newer], {
    readFile: (path) => files.readFile(path),
    inventoryComplete: inventoryComplete === true,
  });
  const shown = {
    whole: verbose === true,
    commands: {
      plan: shellCommand(['purgeproof', 'plan', '--from', newer, '--out', 'plan.json']),
      rule: (id: string) => shellCommand(['purgeproof', 'rules', 'show', id]),
      everything: inFull(world.argv),
    },
  };
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(comparison, { ...shown, terminal: terminalOf(to, world, color) }),
    world,
  );
  return exitCodeWith(lost, comparisonExitCode(comparison), world);
}

/** `purgeproof journal show`: what was sent, by whom, when, and the outcome. */
export function addJournalCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('journal')
    .description('read the journal of a run that writes')
    .command('show <file>')
    .description('show every write in order: who, when, what was sent, and the outcome');
  addCommonFlags(command).action(async (file: string, options: { readonly color: boolean }) => {
    const { world } = context;
    const journal = await readAs('journal', await policyFiles(world).readFile(file), ({ bytes }) =>
      readJournal(bytes, file),
    );
    if (journal.entries.length === 0)
      throw new UsageError(
        `${file} holds no journal entries.`,
        'Name a journal that apply, or deleted recover or purge, wrote.',
      );
    const terminal = terminalOf({}, world, options.color);
    await writeDocuments([{}], () => journalFormats.text.render(journal, terminal), world);
    context.finish(0);
  });
}
