import { InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../documents/suggestions.ts';

/** Commander's wording for the default of a list that is empty unless given. */
export const noDefault = 'none';

/** An option that takes one of a few words, in any letter case. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser((value) => readChoice(value, choices));
}

/** An option that may be given again and again; with `choices`, only those words, in any letter case. */
export function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  return new Option(flags, `${description} (repeatable)`)
    .default([], noDefault)
    .argParser((value: string, previous: readonly string[]) => {
      if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
      return [...previous, choices === undefined ? value : readChoice(value, choices)];
    });
}

/** An option that takes some of a few words, separated by commas, and may be given again and again. */
export function commaSeparated(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, `${description} (separated by commas)`)
    .default([], noDefault)
    .argParser((value: string, previous: readonly string[]) => {
      const given = value.split(',').map((word) => readChoice(word.trim(), choices));
      return [...new Set([...previous, ...given])];
    });
}

function readChoice(value: string, choices: readonly string[]): string {
  const found = choices.find((each) => each.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${didYouMean(value, choices)}`);
}
