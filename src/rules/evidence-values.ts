import type { FieldValue } from '../model/evidence.ts';
import { isAtOrBelow, parsePath } from '../model/field-path.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { fits, formAt, formOfType } from '../resource-types/form.ts';
import type { Subject } from './condition/field.ts';
import { type Computation, notKnown } from './expression/value.ts';
import type { CountFact, Fact, FieldFact } from './facts.ts';
import { inWords } from './operators/scalar.ts';

/** The members that name an element, best first. */
const naming: readonly string[] = ['objectId', 'id', 'name'];

/**
 * A counted element as a reader knows it: its id and name, the members for which it is counted, and whatever gave it its rights:
 * `objectId 1111…: keys, secrets`. `undefined` for an element that nothing names.
 */
export function elementWords(element: Json, fact: CountFact, subject: Subject): string | undefined {
  if (!isJsonObject(element)) return undefined;
  const key = naming.find((member) => textIn(element[member]) !== undefined);
  if (key === undefined) return undefined;
  const name = textIn(element['name']);
  const who = `${key} ${textIn(element[key])}${key === 'name' || name === undefined ? '' : ` (${name})`}`;
  const by = Array.isArray(element['by']) ? [`by ${element['by'].map(inWords).join('; ')}`] : [];
  const reasons = [...decidingMembers(element, fact, subject), ...by];
  return reasons.length === 0 ? who : `${who}: ${reasons.join(', ')}`;
}

function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The members for which an element is counted: by the last part of their paths where that tells them apart. */
function decidingMembers(element: Json, { count, where }: CountFact, subject: Subject): readonly string[] {
  if (where === undefined) return [];
  const list = count.field.path;
  const inside = { ...subject, elements: [...subject.elements, element] };
  const members = holding(where, inside).flatMap((fact) => {
    const { path } = fact.kind === 'count' ? fact.count.field : fact.field;
    if (!isAtOrBelow(path, list)) return [];
    const keys = parsePath(path.slice(list.length)).flatMap((step) =>
      step.kind === 'key' ? [step.key] : [],
    );
    const [first = '', ...deeper] = keys;
    if (first === '' || (deeper.length === 0 && naming.includes(first))) return [];
    return [{ last: keys.at(-1) ?? '', whole: keys.join('.'), value: valueWords(fact, inside) }];
  });
  const words = members.map(({ last, whole, value }) => {
    const isClear = members.every((other) => other.last !== last || other.whole === whole);
    return `${isClear ? last : whole}${value}`;
  });
  return [...new Set(words)];
}

/** Everything that is true of what a fact is about, and not the first alternative alone. */
function holding(fact: Fact, subject: Subject): readonly (FieldFact | CountFact)[] {
  if (fact.test(subject) !== true || fact.kind === 'literal' || fact.kind === 'computed') return [];
  if (fact.kind === 'count' || fact.kind === 'field') return [fact];
  return fact.parts.flatMap((part) => holding(part, subject));
}

/** The value of one member; of `true`, and of a list, the name says it all. */
function valueWords(fact: FieldFact | CountFact, subject: Subject): string {
  if (fact.kind === 'count' || fact.field.collection) return '';
  const value = fact.field.read(subject) ?? 'unset';
  return value === true ? '' : ` ${inWords(value)}`;
}

/** A value that was worked out. */
export function computedValue(found: Computation): FieldValue {
  if (found === notKnown) return { kind: 'unreadable', words: 'could not be worked out' };
  return found === null ? { kind: 'unset', words: 'unset' } : { kind: 'read', value: found };
}

/**
 * A value that could not be read. What is there in a form in which Azure never writes it is shown as JSON, so
 * that `could not be read: ""` is no setting that is unset, and no text that is empty.
 */
export function unreadable(path: string, { body, gaps }: Subject): FieldValue {
  const { type } = body;
  const form = typeof type === 'string' ? formOfType(type) : undefined;
  for (const gap of gaps) {
    if (form === undefined || !(isAtOrBelow(path, gap) || isAtOrBelow(gap, path))) continue;
    const value = parsePath(gap).reduce<Json | undefined>(
      (at, step) => (step.kind === 'key' && isJsonObject(at) ? at[step.key] : undefined),
      body,
    );
    const formThere = formAt(form, gap);
    // What fits is one of two values under two spellings of its name: neither is shown.
    if (formThere !== undefined && !fits(value, formThere))
      return { kind: 'unreadable', words: `could not be read: ${shown(value)}` };
  }
  return { kind: 'unreadable', words: 'could not be read' };
}

const longest = 500;

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
