import { Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { Exemption } from '../../model/exemption.ts';
import { type Json, isJsonObject, parseJson } from '../../model/json.ts';

/** An exemption before it is in a file. */
export type NewExemption = Omit<Exemption, 'location'>;

const layout = { lineWidth: 0 };

/** The beginning of a new exemptions file: editors know its keys by the first line. */
const opening =
  '# yaml-language-server: $schema=https://raw.githubusercontent.com/purgeproof/purgeproof/main/schemas/exemptions.schema.json\nexemptions:\n';

/** The text of an exemption as an item of a list in YAML. */
export function exemptionText(exemption: NewExemption): string {
  const document = new Document([inOrder(exemption)]);
  const scope = document.getIn([0, 'scope'], true);
  if (isMap(scope)) scope.flow = true;
  return document.toString(layout);
}

function inOrder({ rule, scope, category, reason, owner, ticket, expiresOn }: NewExemption) {
  return {
    rule,
    scope,
    category,
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    expiresOn,
  };
}

/**
 * The text of an exemptions file with one exemption more, at the end. All else stays as it is, byte by byte, where the file has a list
 * of items on lines of their own; comments stay everywhere. `text` is a file that loads, or `undefined` for none.
 */
export function appendExemption(text: string | undefined, exemption: NewExemption): string {
  if (text === undefined) return `${opening}${indented(exemptionText(exemption), '  ')}`;
  const json = readJson(text);
  if (json !== undefined) return appendToJson(text, json, exemption);
  const document = parseDocument(text);
  const list = document.get('exemptions', true);
  const place = isSeq(list) ? endOfBlock(list, text) : undefined;
  if (place !== undefined) {
    const item = indented(exemptionText(exemption), place.indent);
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    const before = text.slice(0, place.offset);
    const gap = before.endsWith('\n') ? '' : end;
    return `${before}${gap}${item.replaceAll('\n', end)}${text.slice(place.offset)}`;
  }
  if (isSeq(list)) {
    if (list.items.length === 0) list.flow = false;
    list.add(document.createNode(inOrder(exemption)));
  } else document.set('exemptions', [inOrder(exemption)]);
  return document.toString(layout);
}

/** The place behind the last item of a list whose items stand on lines of their own, and what they are indented by. */
function endOfBlock(
  { flow, items }: YAMLSeq,
  text: string,
): { readonly offset: number; readonly indent: string } | undefined {
  const last = items.at(-1);
  if (flow === true || !isMap(last) || last.range === undefined || last.range === null) return undefined;
  const [start, end] = last.range;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^( *)- +$/u.exec(line)?.[1];
  if (indent === undefined) return undefined;
  if (text[end - 1] === '\n') return { offset: end, indent };
  const next = text.indexOf('\n', end);
  return { offset: next === -1 ? text.length : next + 1, indent };
}

function indented(text: string, indent: string): string {
  return text.replaceAll(/^(?=.)/gmu, indent);
}

/** The value of a text that is JSON, and not merely YAML. */
function readJson(text: string): Json | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** JSON holds no comments: it is written anew, with the indentation that it has. */
function appendToJson(text: string, json: Json, exemption: NewExemption): string {
  const list = isJsonObject(json) && Array.isArray(json['exemptions']) ? json['exemptions'] : [];
  const indent = /\n([ \t]+)"/u.exec(text)?.[1];
  const value = { ...(isJsonObject(json) ? json : {}), exemptions: [...list, inOrder(exemption)] };
  return `${JSON.stringify(value, null, indent)}\n`;
}
