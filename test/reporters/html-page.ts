import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Every element of a page as a browser parses it, with or without scripts; `noscript` is text where they run. */
export function elementsOf(text: string, { scripts }: { readonly scripts: boolean }): readonly HtmlElement[] {
  return below(parse(text, { scriptingEnabled: scripts }));
}

/** The elements below one, in the order of the page. */
export function below(node: Node): readonly HtmlElement[] {
  const found: HtmlElement[] = [];
  for (const child of 'childNodes' in node ? node.childNodes : [])
    if ('tagName' in child) found.push(child, ...below(child));
  return found;
}

/** Those of one name. */
export function named(elements: readonly HtmlElement[], name: string): readonly HtmlElement[] {
  return elements.filter(({ tagName }) => tagName === name);
}

export function attribute({ attrs }: HtmlElement, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value;
}

/** The text of an element and of all that is below it. */
export function textIn(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : '';
}

/** The rows of findings, wherever they stand. */
export function findingRows(elements: readonly HtmlElement[]): readonly HtmlElement[] {
  const tables = named(elements, 'table').filter((table) => attribute(table, 'class') === 'findings');
  return tables.flatMap((table) =>
    named(below(table), 'tr').filter((row) => attribute(row, 'class') !== undefined),
  );
}
