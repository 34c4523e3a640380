import { groupsBy } from '../../model/groups-by.ts';
import { shellWord } from '../text/shell.ts';

/** A word that a shell offers, and what it stands for; empty where the word says it. */
export interface OfferedWord {
  readonly word: string;
  readonly about: string;
}

/** The values that a shell offers for a flag or an argument; none where only Azure knows them. */
export interface OfferedValues {
  readonly words: readonly OfferedWord[];
  /** Several of the words may be given at once, with commas between them. */
  readonly isList: boolean;
  /** Paths: in place of words, or after `=` where there are words. */
  readonly isPath: boolean;
}

/** A flag of a command, by its names: `-o` and `--output`. */
export interface OfferedFlag {
  readonly names: readonly string[];
  readonly about: string;
  /** Absent for a flag that takes no value. */
  readonly values?: OfferedValues;
}

/** A command, or a group of commands, by its words: `rules list`; the program itself is the empty text. */
export interface OfferedCommand {
  readonly words: string;
  readonly flags: readonly OfferedFlag[];
  /** The commands below it, and the values of its arguments. */
  readonly next: OfferedValues;
}

/** Everything that can be written on the command line of a program. */
export interface CommandLine {
  readonly program: string;
  readonly version: string;
  readonly commands: readonly OfferedCommand[];
}

/** A command and a flag of it that takes a value, under each of its names: `rules list -o`. */
export function valuesByFlag({ commands }: CommandLine): readonly (readonly [string, OfferedValues])[] {
  return commands.flatMap(({ words, flags }) =>
    flags.flatMap(({ names, values }) =>
      values === undefined ? [] : names.map((name) => [`${words} ${name}`, values] as const),
    ),
  );
}

/** Each command as its last word behind those before it: that of the program is ` scan`. */
export function steps({ commands }: CommandLine): readonly string[] {
  return commands
    .filter(({ words }) => words !== '')
    .map(({ words }) => (words.includes(' ') ? words : ` ${words}`));
}

/** The arms of a `case` of bash and zsh, those with the same body in one. */
export function caseArms(
  arms: readonly (readonly [pattern: string, body: string])[],
  indent: string,
): string {
  return groupsBy(arms, ([, body]) => body)
    .map((same) => {
      const patterns = same.map(([pattern]) => (pattern === '' ? "''" : shellWord(pattern)));
      return `${indent}${patterns.join('|')}) ${same[0][1]} ;;`;
    })
    .join('\n');
}
