import stringWidth from 'fast-string-width';
import type { Rule } from '../model/rule.ts';
import { knownType } from '../resource-types/known-type.ts';
import { columns } from './terminal/columns.ts';
import { wrap } from './terminal/wrap.ts';
import { terminalText } from './text/terminal.ts';

/** Every rule in a table: within the columns of a terminal, or on a line of its own where `width` is none. */
export function ruleList(rules: readonly Rule[], width: number | undefined): string {
  return width === undefined ? wholeList(rules) : fittedList(rules, width);
}

const listHead = ['id', 'name', 'severity', 'applies to', 'title'];

/** Every rule on a line of its own, for scripts. */
function wholeList(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, name, severity, resourceTypes, title }) => {
    return [id, name, severity, resourceTypes.join(', '), title];
  });
  return columns([listHead, ...rows.map((row) => row.map(terminalText))]);
}

/** Titles have a column of their own where it can be as wide as this. */
const leastTitleWidth = 36;

/** The types of a rule take a line each beyond this. */
const mostTypesWidth = 36;

/** Every rule within the width of a terminal, with words for the types; of a narrow one, in two lines. */
function fittedList(rules: readonly Rule[], width: number): string {
  const rows = rules.map(({ id, name, severity, resourceTypes }) => {
    const types = terminalText(typesInWords(resourceTypes));
    const cell = stringWidth(types) <= mostTypesWidth ? types : types.replaceAll(', ', ',\n');
    return [...[id, name, severity].map(terminalText), cell];
  });
  const table = [listHead.slice(0, -1), ...rows];
  const left = Math.max(
    ...columns(table)
      .split('\n')
      .map((line) => stringWidth(line)),
  );
  const rest = width - left - 2;
  if (rest < leastTitleWidth) return stackedList(rules, width);
  const titles = ['title', ...rules.map(({ title }) => wrap(terminalText(title), rest).join('\n'))];
  return columns(table.map((row, index) => row.concat(titles[index] ?? '')));
}

function stackedList(rules: readonly Rule[], width: number): string {
  const start = rules.map(({ id, severity }) => [id, severity].map(terminalText));
  const left = Math.max(...start.map(([id = '', severity = '']) => stringWidth(`${id}  ${severity}  `)), 0);
  const rows = rules.map(({ name, title, resourceTypes }, index) => {
    const lines = [title, `${name}, of ${typesInWords(resourceTypes)}`].map(terminalText);
    const fitting = lines.flatMap((line) => wrap(line, Math.max(20, width - left)));
    return [...(start[index] ?? []), fitting.join('\n')];
  });
  return columns([['id', 'severity', 'title, name and types'], ...rows]);
}

function typesInWords(types: readonly string[]): string {
  return types.map((type) => knownType(type)?.words.many ?? type).join(', ');
}
