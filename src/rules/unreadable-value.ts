import type { FieldValue } from '../model/evidence.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { fits, formAt, formOfType } from '../resource-types/form.ts';
import type { Subject } from './condition/field.ts';
import { isAtOrBelow, parsePath } from '../model/field-path.ts';

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
