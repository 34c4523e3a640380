import { Argument, type Command, type Option } from 'commander';
import { azureCommands } from '../../access/operations.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { compareText } from '../../model/compare-text.ts';
import type { Rule } from '../../model/rule.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../../reporters/completion/scripts.ts';
import type {
  OfferedCommand,
  OfferedFlag,
  OfferedValues,
  OfferedWord,
} from '../../reporters/completion/command-line.ts';
import { frameworkNames } from '../../rules/find-rule.ts';
import type { CommandContext } from '../context.ts';
import { addCommonFlags } from '../flags.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

const help = `
The script completes commands, flags, formats, severities, the built-in rules by id and name, and paths. Nothing is asked of
Azure, and the program is not run while one types: after an update, print it again.

In the start-up file of the shell:
  bash  eval "$(purgeproof completion bash)"          in ~/.bashrc
  zsh   eval "$(purgeproof completion zsh)"           in ~/.zshrc, after compinit
  fish  purgeproof completion fish | source           in ~/.config/fish/config.fish`;

/** Adds `purgeproof completion`: the script that completes what every other command of the program takes. */
export function addCompletionCommand(program: Command, { world, tool, finish }: CommandContext): void {
  const command = program
    .command('completion')
    .description('print the script that completes commands in a shell')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText('after', help);
  addCommonFlags(command).action(async (shell: keyof typeof scripts) => {
    const shipped = await policyFiles(world).shippedRules();
    const values = { rules: ruleWords(shipped), frameworks: plainWords(frameworkNames(shipped)) };
    const line = {
      program: program.name(),
      version: tool.version,
      commands: offeredCommands(program, { words: '', siblings: [], values }),
    };
    await world.stdout.write(scripts[shell](line));
    finish(0);
  });
}

interface Place {
  readonly words: string;
  readonly siblings: readonly OfferedWord[];
  readonly values: NamedValues;
}

/** The words that flags and arguments take by what they name. */
interface NamedValues {
  readonly rules: readonly OfferedWord[];
  readonly frameworks: readonly OfferedWord[];
}

function offeredCommands(command: Command, { words, siblings, values }: Place): readonly OfferedCommand[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const names = below.map((one) => ({ word: one.name(), about: one.description() }));
  const [argument] = command.name() === 'help' ? [] : command.registeredArguments;
  const next = argument === undefined ? noValues : argumentValues(argument, values);
  const own = command.name() === 'help' ? siblings.filter(({ word }) => word !== 'help') : names;
  const offered: OfferedCommand = {
    words,
    flags: help.visibleOptions(command).map((option) => offeredFlag(option, values)),
    next: { ...next, words: [...own, ...next.words] },
  };
  const prefix = words === '' ? '' : `${words} `;
  return [
    offered,
    ...below.flatMap((one) =>
      offeredCommands(one, { words: `${prefix}${one.name()}`, siblings: names, values }),
    ),
  ];
}

function offeredFlag(option: Option, values: NamedValues): OfferedFlag {
  const { short, long, description, required } = option;
  const names = [short, long].flatMap((name) => name ?? []);
  return { names, about: description, ...(required ? { values: flagValues(option, values) } : {}) };
}

const noValues: OfferedValues = { words: [], isList: false, isPath: false };

/** Rules, by id and by name. */
function ruleWords(rules: readonly Rule[]): readonly OfferedWord[] {
  const named = rules.flatMap(({ id, name, title }) => [id, name].map((word) => ({ word, about: title })));
  return named.toSorted((a, b) => compareText(a.word, b.word));
}

function flagValues({ long, flags, argChoices, parseArg }: Option, values: NamedValues): OfferedValues {
  const isRule = long === '--rule' || long === '--exclude-rule';
  const named = isRule ? values.rules : long === '--framework' ? values.frameworks : undefined;
  const words = named ?? plainWords(argChoices ?? []);
  return { words, isList: takesList(words, parseArg), isPath: /[<=](?:file|path|dir|folder)\b/.test(flags) };
}

/** True for a flag that reads two of its words with a comma between them as two. */
function takesList([first, second]: readonly OfferedWord[], parseArg: Option['parseArg']): boolean {
  if (first === undefined || second === undefined || parseArg === undefined) return false;
  try {
    const read: unknown = parseArg<unknown>(`${first.word},${second.word}`, []);
    return Array.isArray(read) && read.length === 2;
  } catch {
    return false;
  }
}

function argumentValues(argument: Argument, { rules }: NamedValues): OfferedValues {
  const name = argument.name();
  if (/^ids?$/.test(name)) return { ...noValues, words: rules };
  if (name === 'command') return { ...noValues, words: plainWords(azureCommands.join(' ').split(' ')) };
  return {
    ...noValues,
    words: plainWords(argument.argChoices ?? []),
    isPath: /^(?:plan|files?|paths?|dir|archive|older|newer)$/.test(name),
  };
}

function plainWords(words: readonly string[]): readonly OfferedWord[] {
  return [...new Set(words)].map((word) => ({ word, about: '' }));
}
