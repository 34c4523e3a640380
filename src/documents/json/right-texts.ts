import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/**
 * Texts of objects that are right by a schema, each with a note. A text that differs from one of them only in values about which
 * the schema says nothing more is right as well, and that is seen in a fraction of the time of parsing it. Texts are in Latin-1: each
 * byte is a character.
 */
export interface RightTexts<Note> {
  /** The note of a text that this one is alike; `undefined` where there is none. */
  readonly noteOf: (text: string) => Note | undefined;
  /** Adds a text that is JSON in UTF-8, right by the schema, and repeats no key. */
  readonly add: (text: string, note: Note) => void;
}

/** Begins without texts. */
export function rightTexts<Note>(schema: JsonObject): RightTexts<Note> {
  const values = freeValues(schema);
  const known: { readonly alike: RegExp; readonly note: Note }[] = [];
  let [hits, misses, added] = [0, 0, 0];
  return {
    noteOf: (text) => {
      if (misses > mostMisses + hits) return undefined;
      const found = known.findIndex(({ alike }) => alike.test(text));
      const one = known[found];
      if (one === undefined) misses += 1;
      else hits += 1;
      // The next one is most likely like this one.
      if (one !== undefined && found > 0) known.unshift(...known.splice(found, 1));
      return one?.note;
    },
    add: (text, note) => {
      if (added > mostKnown + hits / leastHits) return;
      added += 1;
      if (known.length === mostKnown) known.pop();
      known.unshift({ alike: patternOf(text, values), note });
    },
  };
}

/** More than the rules of most reports, each of which has findings of a form or two. */
const mostKnown = 32;

/** V8 compiles a pattern in the time of parsing some dozen texts: another one is only made where those before were worth it. */
const leastHits = 100;

/** Texts that are like no other one take longer than without the search. */
const mostMisses = 1000;

/** Plain characters between the quotes of a text: printable ASCII that has no meaning there. */
const plain = String.raw`[ !#-[\]-~]*`;
const anyText = `"${plain}"`;
const anyValue = String.raw`(?:${anyText}|null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?)`;

/** At the beginning of a line there is no string that began before: JSON has no line ends in strings. */
const memberOnLine = /(?<=^ *"(?<name>\w+)": )(?:"[^"\\\n]*"|[\w.+-]+)(?=,?$)/gm;

/** The pattern of a text and of all that differ from it in free values. */
function patternOf(text: string, values: ReadonlyMap<string, string>): RegExp {
  let [pattern, from] = ['', 0];
  for (const { index, 0: value, groups } of text.matchAll(memberOnLine)) {
    const free = values.get(groups?.['name'] ?? '');
    if (free === undefined || (free !== anyValue && !value.startsWith('"'))) continue;
    pattern += literally(text.slice(from, index)) + free;
    from = index + value.length;
  }
  return new RegExp(`^${pattern}${literally(text.slice(from))}$`);
}

function literally(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

/** Patterns of the values of members about which the schema says no more than that they are text, or nothing, by name. */
function freeValues(schema: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const { properties = {} } of schemasIn(schema))
    for (const [name, member] of Object.entries(properties ?? {})) {
      const pattern = freePattern(member);
      found.set(name, !found.has(name) || found.get(name) === pattern ? pattern : undefined);
    }
  return new Map([...found].flatMap(([name, pattern]) => (pattern === undefined ? [] : [[name, pattern]])));
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

function freePattern(member: Json): string | undefined {
  if (!isJsonObject(member)) return undefined;
  const { description: _, type, pattern, ...others } = member;
  if (Object.keys(others).length > 0) return undefined;
  if (type === undefined && pattern === undefined) return anyValue;
  if (type !== 'string' || pattern === undefined) return type === 'string' ? anyText : undefined;
  const simple =
    typeof pattern === 'string' ? /^\^(?<body>[\w[\]{},-]+)\$$/.exec(pattern)?.groups : undefined;
  return simple && `"${simple['body']}"`;
}
