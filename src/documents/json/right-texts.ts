import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { type FreeValue, type TextForms, textForms } from './text-forms.ts';

/**
 * Begins without texts, for those of objects that are right by a schema. A text that differs from one of them only in values about
 * which the schema says nothing more is right as well, and that is seen in a fraction of the time of parsing it. Texts are UTF-8.
 */
export function rightTexts<Note>(schema: JsonObject): TextForms<Note> {
  const values = freeValues(schema, testOfTrees());
  return textForms((name) => values.get(name));
}

/** Tests trees of any kind: most are of the form of one before. */
function testOfTrees(): FreeValue['isTree'] {
  const known: TextForms<true> = textForms(() => anything);
  const isTree = (tree: Buffer): boolean => {
    if (known.noteOf(tree) === true) return true;
    if (!isWrittenAsOurs(tree)) return false;
    known.add(tree, true);
    return true;
  };
  const anything = valueOf('any', isTree);
  return isTree;
}

/** A key that is repeated is there once where it is written again. */
function isWrittenAsOurs(tree: Buffer): boolean {
  const written = tree.toString('latin1');
  const lastLine = written.slice(written.lastIndexOf('\n'), -1);
  try {
    return JSON.stringify(JSON.parse(written), null, 2).replaceAll('\n', lastLine) === written;
  } catch {
    return false;
  }
}

/** The values of members that are free by the schema, by name. */
function freeValues(schema: JsonObject, isTree: FreeValue['isTree']): ReadonlyMap<string, FreeValue> {
  const found = new Map<string, string | undefined>();
  for (const { properties = {} } of schemasIn(schema))
    for (const [name, member] of Object.entries(properties ?? {})) {
      const kind = kindOf(member);
      found.set(name, found.has(name) ? bothOf(found.get(name), kind) : kind);
    }
  return new Map(
    [...found].flatMap(([name, kind]): [string, FreeValue][] =>
      kind === undefined ? [] : [[name, valueOf(kind, isTree)]],
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

function valueOf(kind: string, isTree: FreeValue['isTree']): FreeValue {
  const { set = plainSet, length } = oneSet.exec(kind)?.groups ?? {};
  const isOne = new RegExp(set);
  return {
    kind: kind === 'any' || kind === 'object' ? kind : 'text',
    characters: Uint8Array.from({ length: 256 }, (_, code) => Number(isOne.test(String.fromCharCode(code)))),
    length: length === undefined ? undefined : Number(length),
    isTree,
  };
}
