/** More of a page is not read for its title, nor shown. */
const mostRead = 16_384;
const mostShown = 200;

/** A one-line summary of a body that is not JSON: the title of a page, the message of an XML error, or its first text. */
export function describePage(body: string): string {
  const page = body.slice(0, mostRead);
  const title = inside(page, 'title') || inside(page, 'h1');
  if (title !== '') return `a page titled "${title}"`;
  const message = inside(page, 'message');
  if (message !== '') return [inside(page, 'code'), message].filter((part) => part !== '').join(': ');
  const words = plain(page);
  return words === '' ? '' : `"${words}"`;
}

/** The text of the first element of that name; empty where there is none. */
function inside(page: string, name: string): string {
  const start = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'i').exec(page);
  if (start === null) return '';
  const from = start.index + start[0].length;
  const end = page.toLowerCase().indexOf(`</${name}`, from);
  return end < 0 ? '' : plain(page.slice(from, end));
}

/** Text without its markup, on one line. */
function plain(markup: string): string {
  const words = markup
    .replaceAll(/<!--[^]*?-->|<(script|style)\b[^]*?<\/\1\s*>|<[^<>]*>/gi, ' ')
    .replaceAll(/&(#39|amp|apos|gt|lt|nbsp|quot);/g, (whole, name: string) => entities[name] ?? whole)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > mostShown ? `${words.slice(0, mostShown)}…` : words;
}

const entities: Readonly<Record<string, string>> = {
  '#39': "'",
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};
