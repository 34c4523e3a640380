/** A condition in KQL. A test is an atom whose text is never null, so that nothing has to be said of null above it. */
export type Kql =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'test'; readonly text: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Kql[] };

export const always: Kql = { kind: 'constant', value: true };
export const never: Kql = { kind: 'constant', value: false };

/** An atom: a comparison or a call, which binds more tightly than `and` and `or`. */
export function test(text: string): Kql {
  return { kind: 'test', text };
}

/** All of the parts, without constants, repetitions and what is implied by the rest. */
export function and(parts: readonly Kql[]): Kql {
  return combine('and', parts);
}

/** Any of the parts, without constants, repetitions and what is implied by the rest. */
export function or(parts: readonly Kql[]): Kql {
  return combine('or', parts);
}

/** At least so many of the parts. */
export function atLeastOf(count: number, parts: readonly Kql[]): Kql {
  const open = parts.filter((part) => part.kind !== 'constant');
  const needed = count - parts.filter(isAlways).length;
  if (needed <= 0) return always;
  if (needed === 1) return or(open);
  if (needed >= open.length) return needed > open.length ? never : and(open);
  return test(`${open.map((part) => `iff(${render(part)}, 1, 0)`).join(' + ')} >= ${needed}`);
}

export function isAlways(kql: Kql): boolean {
  return kql.kind === 'constant' && kql.value;
}

export function isNever(kql: Kql): boolean {
  return kql.kind === 'constant' && !kql.value;
}

/** The parts of an `and` or an `or`; anything else is its only part. */
export function partsOf(kql: Kql, kind: 'and' | 'or'): readonly Kql[] {
  return kql.kind === kind ? kql.parts : [kql];
}

/** The text, on one line. */
export function render(kql: Kql): string {
  if (kql.kind === 'constant') return String(kql.value);
  if (kql.kind === 'test') return kql.text;
  return kql.parts.map(renderPart).join(` ${kql.kind} `);
}

/** The text as a part of something larger: in parentheses where it needs them. */
export function renderPart(kql: Kql): string {
  return kql.kind === 'and' || kql.kind === 'or' ? `(${render(kql)})` : render(kql);
}

function combine(kind: 'and' | 'or', parts: readonly Kql[]): Kql {
  const decisive = kind === 'or';
  const found = new Map<string, Kql>();
  for (const part of parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))) {
    if (part.kind !== 'constant') found.set(render(part), part);
    else if (part.value === decisive) return part;
  }
  const kept = [...found.values()].filter((part) => !isImplied(part, kind, found));
  const [first, second] = kept;
  if (first === undefined) return decisive ? never : always;
  return second === undefined ? first : { kind, parts: kept };
}

/** `a or (a and b)` is `a`, and `a and (a or b)` is `a`. */
function isImplied(part: Kql, kind: 'and' | 'or', others: ReadonlyMap<string, Kql>): boolean {
  if (part.kind === 'constant' || part.kind === 'test' || part.kind === kind) return false;
  return part.parts.some((inner) => others.has(render(inner)));
}
