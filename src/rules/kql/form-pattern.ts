import type { Form } from '../../resource-types/form.ts';

/**
 * A regular expression that the JSON text of a value has to match as a whole to be of a form: names in Azure's spelling,
 * values of the kind that Azure writes, no others. `undefined` where the form leaves open what may be there. What does not
 * match is for the evaluator. RE2, the expressions of Rust (Kusto has changed from one to the other) and JavaScript read it alike.
 *
 * A text may end too early here, at an escaped quote. Nothing is mistaken for well-formed by that: a quote that begins a
 * text in the pattern follows a bracket, a comma or a colon, and an escaped one follows its backslash.
 */
export function patternOfForm({ type, parts, each }: Form): string | undefined {
  if (type === 'string') return '"[^"]*"';
  // JSON has no other bare words than `true`, `false` and `null`.
  if (type === 'boolean') return '[a-z]+';
  if (type === 'integer') return '-?[0-9]+';
  if (type === 'object') return objectPattern(parts);
  const element = each === undefined ? undefined : patternOfForm(each);
  return element === undefined ? undefined : `\\[(${element}|,)*]`;
}

function objectPattern(parts: Form['parts']): string | undefined {
  const namesBy = new Map<string, string[]>();
  for (const [name, part] of parts) {
    const pattern = patternOfForm(part);
    if (pattern === undefined || !/^\w+$/.test(name)) return undefined;
    namesBy.set(pattern, [...(namesBy.get(pattern) ?? []), name]);
  }
  if (namesBy.size === 0) return undefined;
  const members = Array.from(namesBy, ([pattern, names]) => {
    return `"${names.length === 1 ? names.join('') : `(${names.join('|')})`}":${pattern}`;
  });
  return `\\{(${members.join('|')}|,)*}`;
}
