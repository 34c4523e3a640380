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
