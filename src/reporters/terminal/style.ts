import stringWidth from 'fast-string-width';
import pico from 'picocolors';
import type { Finding } from '../../model/finding.ts';
import type { Terminal } from '../format.ts';
import { adviceParts } from '../text/commands.ts';
import { terminalText } from '../text/terminal.ts';
import { pad, wrap } from './wrap.ts';

const longestLine = 120;

/** Paints plain text; does nothing where colours are off. */
export type Paint = (text: string) => string;

/** The colours and widths that suit a terminal. */
export interface TerminalStyle {
  readonly colors: ReturnType<typeof pico.createColors>;
  /** Columns of the terminal, for lines that are not wrapped; infinite where there is none, as for the width. */
  readonly columns: number;
  /** Columns to fill with sentences: those of the terminal within reason, since long lines are hard to read. */
  readonly width: number;
  /** True where label and text fit side by side. */
  readonly wide: boolean;
}

/** A paragraph: untrusted text that is wrapped, then painted, after a label on its first line. */
export interface Paragraph {
  /** Already safe; `width` columns wide, with its indentation. */
  readonly label: string;
  readonly width: number;
  readonly text: string;
  readonly paint?: Paint;
}

/** The style for a terminal. */
export function styleFor({ color, width }: Terminal): TerminalStyle {
  const columns = Math.max(40, width);
  return {
    colors: pico.createColors(color),
    columns,
    width: Number.isFinite(columns) ? Math.min(longestLine, columns) : columns,
    wide: columns >= 90,
  };
}

/** The lines of a paragraph, each ending in a line break; continued lines are indented below the text. */
export function paragraph({ label, width, text, paint = plain }: Paragraph, style: TerminalStyle): string {
  const lines = wrap(terminalText(text), Math.max(10, style.width - width));
  return lines
    .map((line, index) => `${index === 0 ? label : ' '.repeat(width)}${paint(line)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** A paragraph that ends with an advice of ours. */
interface Advised extends Paragraph {
  readonly hint: string;
}

/** The lines of a paragraph and of its advice: each command in that stands on a line of its own, to be pasted. */
export function advice({ hint, text, ...rest }: Advised, style: TerminalStyle): string {
  const [first, ...others] = adviceParts(hint);
  const isText = first?.kind === 'text';
  const below = ' '.repeat(rest.width);
  const head = [text, isText ? first.text : ''].filter((part) => part !== '').join(' ');
  const parts = isText || first === undefined ? others : [first, ...others];
  const lines = parts.map((part) =>
    part.kind === 'command'
      ? `${below}  ${style.colors.cyan(terminalText(part.text))}\n`
      : paragraph({ ...rest, label: below, text: part.text }, style),
  );
  return [paragraph({ ...rest, text: head }, style), ...lines].join('');
}

/** A name, and as many facts about it as fit beside it, the first first; nothing is broken. */
interface Named {
  readonly name: string;
  readonly parts: readonly string[];
  /** Shown whatever else is left out. */
  readonly last?: string;
  /** Columns. */
  readonly room: number;
}

/** One line: a name in bold, with what is known of it as far as there is room. */
export function besides({ name, parts, last, room }: Named, { colors }: TerminalStyle): string {
  const safe = terminalText(name);
  const end = last === undefined ? [] : [last];
  let shown = parts.map(terminalText);
  const text = (): string => [...shown, ...end].join(' · ');
  while (shown.length > 0 && stringWidth(safe) + 2 + stringWidth(text()) > room) shown = shown.slice(0, -1);
  return text() === '' ? colors.bold(safe) : `${colors.bold(safe)}  ${colors.dim(text())}`;
}

/** The state of a finding in one word, `width` columns wide, in the colour of its urgency. */
export function badge(finding: Finding, width: number, style: TerminalStyle): string {
  const { colors } = style;
  if (finding.compliance === 'unknown') return colors.magenta(pad('unknown', width));
  if (finding.compliance === 'exempt') return colors.dim(pad('exempt', width));
  if (finding.compliance === 'compliant') return colors.green(pad('compliant', width));
  return severityPaint(finding.severity, style)(pad(finding.severity, width));
}

/** The colour of a severity. */
export function severityPaint(severity: Finding['severity'], { colors }: TerminalStyle): Paint {
  if (severity === 'critical') return (text) => colors.bold(colors.red(text));
  if (severity === 'high') return colors.red;
  return severity === 'medium' ? colors.yellow : colors.cyan;
}

function plain(text: string): string {
  return text;
}
