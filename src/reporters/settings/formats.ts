import type { EffectiveSettings, ValueOrigin } from '../../model/effective-settings.ts';
import type { Json } from '../../model/json.ts';
import { asJson, type Format, type Terminal } from '../format.ts';
import { columns } from '../terminal/columns.ts';
import { styleFor, type TerminalStyle } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';
import { resourceScopeWords } from '../words/resource-scope.ts';

/** A format of the settings that are in force. */
export type SettingsFormat = Format<EffectiveSettings, { readonly terminal: Terminal }>;

/** The settings as a table for a person. */
const settingsTable: SettingsFormat = { extension: 'txt', render };

/** The formats of the settings that are in force, in the order in which help lists them; the first is the default. */
export const settingsFormats = {
  table: settingsTable,
  json: asJson,
} as const satisfies Readonly<Record<string, SettingsFormat>>;

type Cells = readonly [key: string, value: string, origin: ValueOrigin];

function* render(
  { files, settings, parameters, parametersByScope }: EffectiveSettings,
  { terminal }: { readonly terminal: Terminal },
): Iterable<string> {
  const style = styleFor(terminal);
  yield files.length === 0
    ? 'No configuration file is in force.\n\n'
    : `${files.map((file) => terminalText(file)).join(' → ')}\n\n`;
  yield* section(
    'Settings',
    settings.map(({ key, value, origin }) => [key, shown(value), origin]),
    style,
  );
  yield* section(
    'Parameters',
    parameters.map(({ rule, name, value, origin }) => [`${rule}.${name}`, shown(value), origin]),
    style,
  );
  for (const { scope, parameters: own } of parametersByScope)
    yield* section(
      `Parameters for ${terminalText(resourceScopeWords(scope))}`,
      own.map(({ rule, name, value, origin }) => [`${rule}.${name}`, shown(value), origin]),
      style,
    );
}

function* section(
  title: string,
  rows: readonly Cells[],
  { colors: { bold, dim } }: TerminalStyle,
): Iterable<string> {
  if (rows.length === 0) return;
  yield `${bold(title)}\n`;
  yield columns(
    rows.map(([key, value, origin]) => {
      const from = terminalText(originWords(origin));
      return [`  ${terminalText(key)}`, value, origin.kind === 'default' ? dim(from) : from];
    }),
  );
  yield '\n';
}

function originWords(origin: ValueOrigin): string {
  if (origin.kind === 'flag') return origin.flag;
  if (origin.kind === 'environment') return `environment ${origin.variable}`;
  return origin.kind === 'default' ? 'default' : `${origin.file}:${origin.line}:${origin.column}`;
}

function shown(value: Json): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '-';
  if (typeof value === 'string') return terminalText(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return terminalText(value.join(', '));
  return terminalText(JSON.stringify(value));
}
