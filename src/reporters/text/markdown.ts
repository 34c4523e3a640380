import { adviceParts } from './commands.ts';
import { revealInvisible } from './invisible.ts';

/** Text that GitHub links by itself: addresses, mail, mentions, issue numbers, commits; and ids, for one style. */
const references =
  /\/subscriptions\/\S+|(?:https?:\/\/|ftp:\/\/|www\.|mailto:|xmpp:)\S+|(?:(?<![\w.+-])[\w.+-]+)?@[\w./-]+|(?:GH-|#)\d+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{7,40}\b/giu;

/** Structure of Markdown, HTML, GitHub maths, emoji shortcodes and build log commands. */
const structure =
  /[&<>\\`*[\]#|~$@]|(?<=mailto|xmpp):|:(?=:|\/\/|(?!\d\d:)[a-z0-9_+-]+:)|(?<![a-z0-9])_|_(?![a-z0-9])|(?<=www)\./giu;

/** Untrusted prose for GitHub Markdown: rendered literally, in a paragraph or a table cell. */
export function markdownText(text: string): string {
  let rendered = '';
  let end = 0;
  for (const match of text.matchAll(references)) {
    rendered += literal(text.slice(end, match.index)) + markdownCode(match[0]);
    end = match.index + match[0].length;
  }
  return rendered + literal(text.slice(end));
}

/** An advice of ours for GitHub Markdown: what is untrusted in it is rendered literally, and its commands as code. */
export function markdownAdvice(text: string): string {
  return adviceParts(text)
    .map((part) => (part.kind === 'command' ? markdownCode(part.text) : markdownText(part.text)))
    .join(' ');
}

/** An untrusted name, id or value, formatted as code: GitHub links nothing inside code. */
export function markdownCode(text: string): string {
  return `<code>${literal(text)}</code>`;
}

/** A link around a text that is rendered already; the text alone where the address is no plain one. */
export function markdownLink(rendered: string, address: string): string {
  return /^https:\/\/[\w./%#?=&+~-]+$/.test(address) ? `[${rendered}](${address})` : rendered;
}

function literal(text: string): string {
  return revealInvisible(text).replace(structure, (character) => `&#${character.charCodeAt(0)};`);
}
