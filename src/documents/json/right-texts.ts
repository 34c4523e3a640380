import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { type FreeValue, type TextForms, textForms } from './text-forms.ts';

/**
 * Begins without texts, for those of objects that are right by a schema. A text that differs from one of them only in values about
 * which the schema says nothing more is right as well, and that is seen in a fraction of the time of parsing it. Texts are UTF-8.
 */
export function rightTexts<Note>(schema: JsonObject): TextForms<Note> {
  const values = freeValues(schema, endsOfTrees());
  return textForms((name) => values.get(name));
}

/** Finds the ends of trees of any kind: most are of the form of one before. */
function endsOfTrees(): FreeValue['endOfTree'] {
  const known: TextForms<true> = textForms(() => anything);
  const endOfTree = (text: Buffer, from: number): number => {
    const end = known.endOf(text, from);
    if (end !== nowhere) return end;
    const tree = treeAt(text, from);
    if (tree === undefined) return nowhere;
    known.add(tree, true);
    return from + tree.length;
  };
  const anything = valueOf('any', endOfTree);
  return endOfTree;
}

/** An object or a list, which ends where its bracket stands as far from the left as the line of its member. */
function treeAt(text: Buffer, from: number): Buffer | undefined {
  const close = text[from] === openObject ? '}' : ']';
  const line = text.lastIndexOf(lineEnd, from);
  let indent = line + 1;
  while (text[indent] === space) indent += 1;
  if (indent - line > deepest) return undefined;
  const newLine = text.toString('latin1', line, indent);
  const isEmpty = text[from + 1] === close.charCodeAt(0);
  const end = isEmpty ? from + 2 : text.indexOf(newLine + close, from) + newLine.length + 1;
  const tree = text.subarray(from, end);
  return isWrittenAsOurs(tree.toString('latin1'), newLine) ? tree : undefined;
}

/** A key that is repeated is there once where it is written again. */
function isWrittenAsOurs(tree: string, newLine: string): boolean {
  try {
    return JSON.stringify(JSON.parse(tree), null, 2).replaceAll('\n', newLine) === tree;
  } catch {
    return false;
  }
}

/** In spaces. What a finding holds is not as deep, and each level of a tree is a form of its own. */
const deepest = 60;

const nowhere = -1;
const [lineEnd, space, openObject] = [0x0a, 0x20, 0x7b];

/** The values of members that are free by the schema, by name. */
function freeValues(schema: JsonObject, endOfTree: FreeValue['endOfTree']): ReadonlyMap<string, FreeValue> {
  const found = new Map<string, string | undefined>();
  for (const { properties = {} } of schemasIn(schema))
    for (const [name, member] of Object.entries(properties ?? {})) {
      const kind = kindOf(member);
      found.set(name, found.has(name) ? bothOf(found.get(name), kind) : kind);
    }
  return new Map(
    [...found].flatMap(([name, kind]): [string, FreeValue][] =>
      kind === undefined ? [] : [[name, valueOf(kind, endOfTree)]],
    ),
  );
}

/** The kind that fits wherever a member is, where its kind is another one elsewhere. */
function bothOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === 'any' || one === other) return other;
  return other === 'any' ? one : undefined;
}

/** A schema, and all that it consists of or refers to. */
function schemasIn(schema: JsonObject): ReadonlySet<JsonObject> {
  const { $defs = {}, ...own } = schema;
  const definitions = isJsonObject($defs) ? $defs : {};
  const found = new Set<JsonObject>();
  const left: (Json | undefined)[] = [own];
  for (let next = left.pop(); left.length > 0 || next !== undefined; next = left.pop()) {
    if (Array.isArray(next)) left.push(...next);
    if (!isJsonObject(next) || found.has(next)) continue;
    found.add(next);
    left.push(...Object.values(next));
    if (typeof next['$ref'] === 'string') left.push(definitions[next['$ref'].replace('#/$defs/', '')]);
  }
  return found;
}

/** `any`, `object`, `text`, or the pattern of a text of so many characters of one set; `undefined` where a schema says more. */
function kindOf(member: Json): string | undefined {
  if (!isJsonObject(member)) return undefined;
  const { description: _, type, pattern, ...others } = member;
  if (Object.keys(others).length > 0) return undefined;
  if (pattern !== undefined)
    return type === 'string' && typeof pattern === 'string' && oneSet.test(pattern) ? pattern : undefined;
  if (type === undefined) return 'any';
  return type === 'object' ? 'object' : type === 'string' ? 'text' : undefined;
}

const oneSet = /^\^(?<set>\[[\w-]+\])\{(?<length>\d+)\}\$$/;

/** Characters that have no meaning between the quotes of a text: printable ASCII, and the bytes of all others. */
const plainSet = String.raw`[ !#-[\]-~\x80-\xff]`;

function valueOf(kind: string, endOfTree: FreeValue['endOfTree']): FreeValue {
  const { set = plainSet, length } = oneSet.exec(kind)?.groups ?? {};
  const isOne = new RegExp(set);
  return {
    kind: kind === 'any' || kind === 'object' ? kind : 'text',
    characters: Uint8Array.from({ length: 256 }, (_, code) => Number(isOne.test(String.fromCharCode(code)))),
    length: length === undefined ? undefined : Number(length),
    endOfTree,
  };
}
