import { Help, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../documents/suggestions.ts';

/** Commander's wording for the default of a list that is empty unless given. */
const noDefault = 'none';

/** An option that takes one of a few words, in any letter case. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser((value) => readChoice(value, choices));
}

/** An option that may be given again and again; with `choices`, only those words, in any letter case. */
export function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  const option = new Option(flags, `${description} (repeatable)`);
  return (choices === undefined ? option : option.choices(choices))
    .default([], noDefault)
    .argParser((value: string, previous: readonly string[]) => {
      return [
        ...previous,
        choices === undefined ? readGivenText(value) : readChoice(readGivenText(value), choices),
      ];
    });
}

/** Reads a value that may be any text but an empty one. */
export function readGivenText(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** An option that takes names, which hold no comma: several at once, or given again and again. */
export function namesFlag(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`)
    .default([], noDefault)
    .argParser((value: string, previous: readonly string[]) => {
      const names = value.split(',').map((name) => name.trim());
      if (names.includes('')) throw new InvalidArgumentError('It names nothing.');
      return [...new Set([...previous, ...names])];
    });
}

/** An option that takes some of a few words, separated by commas, and may be given again and again. */
export function commaSeparated(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, `${description} (separated by commas)`)
    .choices(choices)
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

/** Flags that every command has, and that people write before it. */
const commonFlag = /^(--no-color|--quiet|-q|--debug(=.*)?)$/;

/** The arguments with the flags of every command after it, and the words for the flag that prints the version. */
export function usualOrder(argv: readonly string[]): readonly string[] {
  const start = argv.findIndex((one) => !commonFlag.test(one));
  const [leading, rest] = [argv.slice(0, Math.max(0, start)), argv.slice(Math.max(0, start))];
  if (rest[0] === 'version' || rest[0] === '-v') return ['--version'];
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length;
  return [...[...rest.slice(0, end), ...leading].map(withValue), ...rest.slice(end)];
}

/** A flag with an optional value would take the next word for it. */
function withValue(argument: string): string {
  return argument === '--debug' ? '--debug=requests' : argument;
}

/** Columns beside a term, below which a description stands under it. */
const leastHelpColumns = 40;

/** An entry of a list in the help: as commander has it, or in two lines where it would not break them. */
export function formatItem(...item: Parameters<Help['formatItem']>): string {
  const [term, termWidth, description, help] = item;
  const width = help.helpWidth ?? 100;
  if (description === '' || width - termWidth - 4 >= leastHelpColumns)
    return Help.prototype.formatItem.apply(help, item);
  const lines = help.boxWrap(description, Math.max(leastHelpColumns, width - 6)).split('\n');
  return [`  ${term}`, ...lines.map((line) => `      ${line}`)].join('\n');
}

/** Columns of the help: longer lines are hard to read. */
export function helpWidth({ columns }: { readonly columns: number }): number {
  return Math.min(100, columns === 0 ? 100 : columns);
}

/**
 * The help in lines of this width: paragraphs are filled anew, exit codes are continued below their words, and a remark
 * beside a command stands below it where both do not fit. Commands are never broken.
 */
export function fitHelp(text: string, width: number): string {
  return text
    .replaceAll(/^\S.*(?:\n\S.*)+$/gm, (paragraph) => paragraph.replaceAll('\n', ' '))
    .split('\n')
    .flatMap((line) => (line.length <= width ? [line] : fitLine(line, width)))
    .join('\n');
}

function fitLine(line: string, width: number): readonly string[] {
  const [, code, meaning = ''] = /^( {2}\d {2})(\S.*)$/.exec(line) ?? [];
  const wrap = (words: string, indent: number): readonly string[] =>
    new Help().boxWrap(words, Math.max(leastHelpColumns, width - indent)).split('\n');
  if (code !== undefined)
    return wrap(meaning, code.length).map(
      (part, index) => `${index === 0 ? code : ' '.repeat(code.length)}${part}`,
    );
  const [, command, remark = ''] = /^( {2}\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
  if (command !== undefined) return [command, ...wrap(remark, 6).map((part) => `      ${part}`)];
  return /^(?: |Usage: )/.test(line) ? [line] : wrap(line, 0);
}

/** Describes an option as commander does, without the default of an empty list, and without choices that its words name. */
export function describeOption(option: Option): string {
  const { argChoices = [], description } = option;
  const shown = new Help()
    .optionDescription(option)
    .replace(` (default: ${noDefault})`, '')
    .replace(`, default: ${noDefault})`, ')');
  const choices = `choices: ${argChoices.map((each) => JSON.stringify(each)).join(', ')}`;
  if (!argChoices.every((each) => description.includes(each))) return shown;
  return shown.replace(` (${choices})`, '').replace(`${choices}, `, '');
}

/** A flag that takes a day, which counts to its end in UTC, or a moment of ISO 8601 with its zone. */
export function momentFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser(readMoment);
}

function readMoment(text: string): Date {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const moment = new Date(isDay ? `${text}T23:59:59.999Z` : text);
  // JavaScript takes the 31st of February for a day of March.
  const isReal = !Number.isNaN(moment.getTime()) && (!isDay || moment.toISOString().startsWith(text));
  if ((isDay || isMoment) && isReal) return moment;
  throw new InvalidArgumentError(
    'It must be a day such as 2026-11-01, or a moment such as 2026-11-01T12:00Z.',
  );
}
