import {
  Composer,
  type ErrorCode,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
} from 'yaml';

import type { Problem } from '../model/errors.ts';
import type { Json, JsonPath } from '../model/json.ts';
import type { Location } from '../model/location.ts';
import { checkStructure, lexemeFlaw } from './yaml/structure.ts';
import { nodeOf, nodeToJson, offsetOf, syntaxFlaws } from './yaml/composed.ts';
import { decodeText, type Flaw } from './decode-text.ts';
import type { SourceFile, UserDocument } from './document.ts';

/** A document, and the problems of its YAML. `document` is absent where the file cannot be read at all. */
export interface DocumentResult {
  readonly document?: UserDocument;
  readonly problems: readonly Problem[];
}

/**
 * Reads one file: UTF-8, one YAML 1.2 document, no anchors, no tags, no directives; JSON is YAML. Never throws. A file
 * of comments alone means `onlyComments`; without that, it is a mistake as an empty one is.
 */
export function readDocument({ file, bytes }: SourceFile, onlyComments?: Json): DocumentResult {
  const { text, flaw } = decodeText(bytes);
  const lines = new LineCounter();
  for (let start = 0; start !== -1; start = nextLine(text, start)) lines.addNewLine(start);
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const locateFlaws = (flaws: readonly Flaw[]): readonly Problem[] =>
    flaws.map(({ offset, message }) => ({ ...locate(offset), message }));

  const fatal = flaw ?? lexemeFlaw(text);
  if (fatal !== undefined) return { problems: locateFlaws([fatal]) };
  const tokens = Array.from(new Parser().parse(text));
  const structure = checkStructure(tokens);
  if (structure.fatal) return { problems: locateFlaws(structure.flaws) };
  const [composed] = new Composer({ schema: 'core', uniqueKeys: false }).compose(tokens, true, text.length);
  const syntax = syntaxFlaws(composed?.errors.filter(({ code }) => !foundInStructure.has(code)) ?? []);
  if (syntax.length > 0) return { problems: locateFlaws([...structure.flaws, ...syntax]) };
  const root: ParsedNode | null = composed?.contents ?? null;
  if (isEmpty(root)) {
    const empty = explainEmpty(text);
    if (empty === 'the file holds only comments' && onlyComments !== undefined) {
      return { document: { file, value: onlyComments, locate: () => locate(0) }, problems: [] };
    }
    return { problems: locateFlaws([...structure.flaws, { offset: 0, message: empty }]) };
  }
  const { value, flaws } = nodeToJson(root);
  const problems = locateFlaws([...structure.flaws, ...flaws]);
  if ([...structure.flaws, ...flaws].some(({ lossy }) => lossy === true)) return { problems };
  const document: UserDocument = {
    file,
    value,
    locate: (path, at = 'value') => locate(placeOf(root, path, at)),
  };
  return { document, problems };
}

/** The offset at which the next line begins; -1 in the last one. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? -1 : end + 1;
}

/** Errors about anchors, tags and directives, which are refused as such. */
const foundInStructure: ReadonlySet<ErrorCode> = new Set([
  ...(['ALIAS_PROPS', 'BAD_ALIAS', 'BAD_DIRECTIVE', 'BAD_COLLECTION_TYPE', 'MULTIPLE_ANCHORS'] as const),
  ...(['MULTIPLE_TAGS', 'TAG_RESOLVE_FAILED'] as const),
]);

function isEmpty(root: ParsedNode | null): boolean {
  return root === null || (isScalar(root) && root.value === null);
}

function explainEmpty(text: string): string {
  if (text.trim() === '') return 'the file is empty';
  const isComments = text.split('\n').every((line) => /^\s*(?:#|$)/u.test(line));
  return isComments ? 'the file holds only comments' : 'the file holds no value';
}

function placeOf(root: ParsedNode | null, path: JsonPath, at: 'key' | 'value'): number {
  let node: Node | null = root;
  let key: Node | null = null;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    ({ node, key } = next);
  }
  const hasText = node?.range !== undefined && node.range !== null && node.range[1] > node.range[0];
  return offsetOf(key !== null && (at === 'key' || !hasText) ? key : node);
}

interface Child {
  readonly node: Node | null;
  readonly key: Node | null;
}

function childOf(node: Node | null, step: string | number): Child | undefined {
  if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
    return { node: nodeOf(node.items[step]), key: null };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
  return pair === undefined ? undefined : { node: nodeOf(pair.value), key: nodeOf(pair.key) };
}
