import type { Command } from 'commander';
import { UsageError } from '../../model/errors.ts';
import { journalFormats } from '../../reporters/journal.ts';
import { readJournal } from '../../remediation/journal-text.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { addCommonFlags } from '../flags.ts';
import { terminalOf } from '../terminal.ts';

/** `purgeproof journal show`: what was sent, by whom, when, and the outcome. */
export function addJournalCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('journal')
    .description('read the journal of a run that writes')
    .command('show <file>')
    .description('show every write in order: who, when, what was sent, and the outcome');
  addCommonFlags(command).action(async (file: string, options: { readonly color: boolean }) => {
    const { world } = context;
    const journal = readJournal((await policyFiles(world).readFile(file)).bytes, file);
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
