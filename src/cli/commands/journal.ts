import type { Command } from 'commander';
import { journalText } from '../../reporters/journal-text.ts';
import { readJournal } from '../../remediation/journal-text.ts';
import { policyFiles } from '../../sources/policy-files.ts';
import type { CommandContext } from '../context.ts';
import { writeReport } from '../destinations.ts';
import { addCommonFlags } from '../flags.ts';
import { lookOf } from '../look.ts';

/** `purgeproof journal show`: what was sent, by whom, when, and what came of it. */
export function addJournalCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('journal')
    .description('read the journal of an apply')
    .command('show <file>')
    .description('every write in order: who, when, what was sent, what came of it');
  addCommonFlags(command).action(async (file: string, options: { readonly color: boolean }) => {
    const { world } = context;
    const { entries } = readJournal((await policyFiles(world).readFile(file)).bytes, file);
    await writeReport(journalText(entries, lookOf({}, world, options.color)), {}, world);
    context.finish(0);
  });
}
