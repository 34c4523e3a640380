import type { Command, Option } from 'commander';

/** The day on which the form of the page changed last: a page names one, and its text is that of the program. */
const pageDate = '2026-11-30';

/** Lines of the page are no longer. */
const mostColumns = 78;

/** The flags that every command has: they are described once. */
const everywhere = new Set(['--no-color', '--quiet', '--debug', '--help']);

/**
 * The manual page of a program with all of its commands, in the macros of man(7): what `--help` says of each. Lines are short and
 * sentences begin on lines of their own, as mandoc has it.
 */
export function manPage(program: Command, version: string): string {
  const name = program.name();
  const commands = leavesOf(program);
  const [first] = commands;
  return [
    `.TH ${name.toUpperCase()} 1 "${pageDate}" "${name} ${version}" "User Commands"`,
    '.SH NAME',
    text(`${name} - ${program.description().replace(/\.$/u, '')}`),
    '.SH SYNOPSIS',
    `.B ${name}`,
    '.I command',
    text('[options]'),
    '.SH DESCRIPTION',
    text(
      `${name} checks the key vaults and managed HSMs of Azure for what makes them recoverable: soft delete, purge protection, retention, and what surrounds them. Everything but apply, deleted recover and deleted purge only reads. No secret is ever read.`,
    ),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandSection(command, name)),
    '.SH OPTIONS OF EVERY COMMAND',
    ...(first?.createHelp().visibleOptions(first) ?? [])
      .filter((option) => everywhere.has(option.long ?? ''))
      .flatMap(optionEntry),
    '.SH EXIT STATUS',
    ...exitEntries(),
    '.SH FILES',
    '.TP',
    '.I purgeproof.yaml',
    text('The configuration of scan, plan and permissions, in the working folder or above it.'),
    '.SH ENVIRONMENT',
    '.TP',
    '.B AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_TOKEN_CREDENTIALS and others',
    text('The sign-in is that of the Azure SDKs: DefaultAzureCredential.'),
    '.TP',
    '.B NO_COLOR, FORCE_COLOR',
    text('Turn colours off, or on where the output is no terminal.'),
    '.SH SEE ALSO',
    text('https://github.com/purgeproof/purgeproof'),
    '',
  ]
    .flatMap((lines) => lines.split('\n'))
    .join('\n');
}

function exitEntries(): readonly string[] {
  return [
    ['0', 'complete, and nothing found or to do'],
    ['1', 'something was found, or something is to do'],
    ['2', 'could not do the job: wrong usage, a file with mistakes, a failed sign-in'],
    ['3', 'incomplete or interrupted: not everything that was asked for could be read'],
  ].flatMap(([code = '', words = '']) => ['.TP', `.B ${code}`, text(words)]);
}

/** The commands that do something, in the order of the help. */
function leavesOf(command: Command): readonly Command[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  const isRun = below.length === 0 || command.registeredArguments.length > 0;
  return [...(isRun ? [command] : []), ...below.flatMap(leavesOf)];
}

function wordsOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${wordsOf(parent)} ${command.name()}`;
}

function commandSection(command: Command, program: string): readonly string[] {
  const help = command.createHelp();
  const words = wordsOf(command).slice(program.length + 1);
  const options = help.visibleOptions(command).filter(({ long }) => !everywhere.has(long ?? ''));
  const takes = command.registeredArguments.map((one) => usageOf(one.name(), one));
  const described = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `.SS "${escaped([words, ...takes].join(' '))}"`,
    text(sentence(help.commandDescription(command))),
    ...described.flatMap((one) => ['.TP', `.I ${escaped(one.name())}`, text(sentence(one.description))]),
    ...options.flatMap(optionEntry),
    ...afterHelp(command),
  ];
}

function usageOf(
  name: string,
  { required, variadic }: { readonly required: boolean; readonly variadic: boolean },
): string {
  const shown = variadic ? `${name}...` : name;
  return required ? `<${shown}>` : `[${shown}]`;
}

function optionEntry(option: Option): readonly string[] {
  const described = sentence(describe(option));
  return ['.TP', `.B ${escaped(option.flags)}`, text(described === '' ? '.' : described)];
}

/** As the help describes it. */
function describe(option: Option): string {
  const { description, argChoices = [], defaultValue, defaultValueDescription } = option;
  const isEmpty =
    defaultValueDescription === 'none' || defaultValue === undefined || typeof defaultValue === 'boolean';
  const standard: unknown = defaultValueDescription ?? defaultValue;
  const choices = argChoices.every((one) => description.includes(one))
    ? []
    : [`one of ${argChoices.join(', ')}`];
  const notes = [...choices, ...(isEmpty ? [] : [`default: ${String(standard)}`])];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function sentence(words: string): string {
  const first = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return words === '' || /[.:?]$/u.test(first) ? first : `${first}.`;
}

/** The end of the help of a command, behind its flags: paragraphs are filled, and what is indented stays as it is. */
function afterHelp(command: Command): readonly string[] {
  let said = '';
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (chunk) => void (said += chunk) });
  command.outputHelp();
  command.configureOutput(output);
  said = said.slice(command.helpInformation().length);
  const blocks = said
    .trim()
    .split(/\n{2,}/u)
    .filter((block) => block.trim() !== '');
  return blocks.flatMap((block) => {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => line.startsWith(' '));
    const [prose, indented] = at === -1 ? [lines, []] : [lines.slice(0, at), lines.slice(at)];
    const paragraph = prose.length === 0 ? [] : ['.PP', text(prose.join(' '))];
    const isCodes = indented.every((line) => /^ {2}\d {2}/u.test(line));
    return paragraph.concat(isCodes ? exitCodes(indented) : literal(indented));
  });
}

function exitCodes(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const [, code = '', words = ''] = /^ {2}(\d) {2}(.*)$/u.exec(line) ?? [];
    return ['.TP', `.B ${code}`, text(words)];
  });
}

function literal(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    '.PP',
    '.nf',
    '.RS 4',
    ...lines.map((line) => escaped(line.replace(/^ {2}/u, '').trimEnd())),
    '.RE',
    '.fi',
  ];
}

/** Filled text: a line for each sentence, none of which is too long for one. */
function text(words: string): string {
  const sentences = words
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .split(/(?<=[.?!]) (?=[A-Z])/u);
  return sentences.flatMap(wrapped).map(escaped).join('\n');
}

function wrapped(words: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > mostColumns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Text that a formatter takes as it is: no macro at the beginning, no escape, hyphens that can be copied, and ASCII alone. */
function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(
      /[^ -~]/gu,
      (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^[.']/u, (sign) => `\\&${sign}`);
}
