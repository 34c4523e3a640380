/** A matcher for a pattern in which `*` stands for any run of characters; letter case is ignored. */
export function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return (text) => text.toLowerCase() === first;
  const middle = parts.slice(1, -1);
  return (given) => {
    const text = given.toLowerCase();
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return at <= end;
  };
}

/** True where some text matches two patterns as `wildcard` takes them. */
export function mayBothMatch(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  // The places in b that can be reached together with a place in a.
  let reached = withStars(b, new Set([0]));
  for (const char of a) {
    const next = new Set<number>();
    for (const at of reached) {
      if (char === '*') for (let to = at; to <= b.length; to += 1) next.add(to);
      else if (b[at] === '*') next.add(at);
      else if (b[at] === char) next.add(at + 1);
    }
    reached = withStars(b, next);
  }
  return reached.has(b.length);
}

/** A star matches nothing, too. */
function withStars(pattern: string, places: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(places);
  for (let at = 0; at < pattern.length; at += 1) if (all.has(at) && pattern[at] === '*') all.add(at + 1);
  return all;
}
