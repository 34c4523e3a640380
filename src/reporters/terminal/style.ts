import pico from 'picocolors';
import type { Finding } from '../../model/finding.ts';
import type { Terminal } from '../format.ts';
import { terminalText } from '../text/terminal.ts';
import { pad, wrap } from './wrap.ts';

/** Paints plain text; does nothing where colours are off. */
export type Paint = (text: string) => string;

/** The colours and widths that suit a terminal. */
export interface TerminalStyle {
  readonly colors: ReturnType<typeof pico.createColors>;
  /** Columns to fill: those of the terminal within reason, since long lines are hard to read. */
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
  const columns = Math.min(120, Math.max(40, width));
  return { colors: pico.createColors(color), width: columns, wide: columns >= 90 };
}

/** The lines of a paragraph, each ending in a line break; continued lines are indented below the text. */
export function paragraph({ label, width, text, paint = plain }: Paragraph, style: TerminalStyle): string {
  const lines = wrap(terminalText(text), Math.max(10, style.width - width));
  return lines
    .map((line, index) => `${index === 0 ? label : ' '.repeat(width)}${paint(line)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
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
