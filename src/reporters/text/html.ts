import { adviceParts } from './commands.ts';
import { revealInvisible } from './invisible.ts';
import { beginningOf } from './terminal.ts';

/** Most texts are names and ids: nothing in them has to be changed. */
const harmless = /^[\w ./(),;+=%-]*$/;

/** Markup; and `::` and `##`, with which commands to a build log begin. */
const structure = /[&<>"'`]|:(?=:)|#(?=#)/g;

/**
 * Untrusted text between tags or in a quoted attribute: it is shown as it is, and nothing in it is markup, invisible, or a
 * command to a build log. Of a text of more than 4,000 characters the beginning, and how many more there are.
 */
export function htmlText(text: string): string {
  if (text.length < 256 && harmless.test(text)) return text;
  const [shown, rest] = beginningOf(text);
  return revealInvisible(shown).replace(structure, (sign) => `&#${sign.charCodeAt(0)};`) + rest;
}

/** An untrusted name, id or value, as code. */
export function htmlCode(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

/** An advice of ours: what is untrusted in it is text, and its commands are code. */
export function htmlAdvice(text: string): string {
  return adviceParts(text)
    .map((part) => (part.kind === 'command' ? htmlCode(part.text) : htmlText(part.text)))
    .join(' ');
}

/** A link around what is HTML already; that alone where the address is no plain one of https. */
export function htmlLink(rendered: string, address: string): string {
  return /^https:\/\/[\w./%#?=&+~()-]+$/.test(address)
    ? `<a href="${htmlText(address)}" rel="noreferrer">${rendered}</a>`
    : rendered;
}
