import type { Json } from '../../../model/json.ts';
import type { Severity } from '../../../model/severity.ts';
import { htmlCode, htmlText } from '../../text/html.ts';
import { valueWords } from '../../words/values.ts';

/** A part of the page with a heading of its own, which the contents of the page link to. */
export interface HtmlSection {
  readonly id: string;
  /** Plain text. */
  readonly heading: string;
  readonly body: Iterable<string>;
}

/** A list; items are HTML already. Nothing without one. */
export function* htmlList(items: readonly string[]): Iterable<string> {
  if (items.length === 0) return;
  yield '<ul>\n';
  for (const item of items) yield `<li>${item}</li>\n`;
  yield '</ul>\n';
}

/** Commands to paste, each on a line of its own. */
export function commandBlock(commands: readonly string[]): string {
  return commands.map((command) => `<pre><code>${htmlText(command)}</code></pre>`).join('');
}

/** Terms and what they are, both HTML already; those without are left out. */
export function definitions(facts: readonly (readonly [term: string, words: string])[]): string {
  const shown = facts.filter(([, words]) => words !== '');
  return `<dl>${shown.map(([term, words]) => `<div><dt>${term}</dt><dd>${words}</dd></div>`).join('')}</dl>\n`;
}

/** Parameters and their values. */
export function parametersHtml(parameters: Readonly<Record<string, Json>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${htmlCode(name)} is ${htmlCode(valueWords(value))}`)
    .join('; ');
}

/** A severity as a word with a colour. */
export function severityBadge(severity: Severity): string {
  return `<b class="badge ${severity}">${severity}</b>`;
}
