/**
 * The lines of a list, written as changes to those of an older one: `{"copy":[from,count]}` takes over a run of its lines,
 * `{"edit":[line,…]}` takes over one of its lines step by step: so many characters of it are kept, as many as a negative number
 * says are left out, a text is put in, and what is left at the end is kept. Any other line is new. A list has no lines that begin
 * like the first two.
 */
export function* changesBetween(older: readonly string[], newer: Iterable<string>): Iterable<string> {
  const places = new Map(older.map((line, index) => [line, index]));
  let [from, next] = [0, 0];
  const run = function* (): Iterable<string> {
    if (next > from) yield JSON.stringify({ copy: [from, next - from] });
  };
  for (const line of newer) {
    const place = older[next] === line ? next : places.get(line);
    if (place === undefined) {
      yield* run();
      const edit = editOf(older[next], next, line);
      yield edit ?? line;
      // What was changed is passed over; before what is new, nothing is.
      from = edit === undefined ? next : next + 1;
      next = from;
    } else if (place !== next) {
      yield* run();
      [from, next] = [place, place + 1];
    } else next += 1;
  }
  yield* run();
}

/** A line as a change to another one; `undefined` where less than half of it is the same. */
function editOf(older: string | undefined, index: number, line: string): string | undefined {
  if (older === undefined) return undefined;
  const [before, after] = [older.split(separator), line.split(separator)];
  const steps: (number | string)[] = [];
  let [from, to, kept, same] = [0, 0, 0, 0];
  while (from < before.length || to < after.length) {
    const isEnd = [from === before.length - 1, to === after.length - 1];
    if (before[from] === after[to] && isEnd[0] === isEnd[1]) {
      kept += lengthOf(before, from, from + 1);
      [from, to] = [from + 1, to + 1];
      continue;
    }
    const [skipped, added] = nextMeeting(before.slice(from, from + farthest), after.slice(to, to + farthest));
    if (kept > 0) steps.push(kept);
    same += kept;
    kept = 0;
    const [behind, until] = [from + skipped, to + added];
    if (skipped > 0) steps.push(-lengthOf(before, from, behind));
    if (added > 0) steps.push(joined(after, to, until));
    [from, to] = [behind, until];
  }
  return (same + kept) * 2 < line.length ? undefined : JSON.stringify({ edit: [index, ...steps] });
}

/** Between the names and the texts of JSON. */
const separator = '"';

/** In parts of a line. */
const farthest = 64;

/** The number of parts of each before the next two that both have; all of them where there are none. */
function nextMeeting(before: readonly string[], after: readonly string[]): readonly [number, number] {
  for (let distance = 1; distance < before.length + after.length; distance += 1)
    for (let skipped = 0; skipped <= distance; skipped += 1) {
      const added = distance - skipped;
      if (skipped >= before.length || added >= after.length) continue;
      if (before[skipped] === after[added] && before[skipped + 1] === after[added + 1])
        return [skipped, added];
    }
  return [before.length, after.length];
}

/** The characters of some parts of a line, with the separator behind each but the last. */
function joined(parts: readonly string[], from: number, to: number): string {
  const end = to < parts.length ? separator : '';
  return `${parts.slice(from, to).join(separator)}${end}`;
}

function lengthOf(parts: readonly string[], from: number, to: number): number {
  return joined(parts, from, to).length;
}

/** The lines that changes lead to. Throws RangeError for changes to another list. */
export function applyChanges(older: readonly string[], changes: Iterable<string>): readonly string[] {
  const lines: string[] = [];
  for (const change of changes) {
    if (change.startsWith('{"copy":')) for (const line of copied(older, change)) lines.push(line);
    else lines.push(change.startsWith('{"edit":') ? edited(older, change) : change);
  }
  return lines;
}

function copied(older: readonly string[], change: string): readonly string[] {
  const [from, count] = numbersIn(change);
  if (from === undefined || count === undefined || from + count > older.length) throw notOf(change);
  return older.slice(from, from + count);
}

function edited(older: readonly string[], change: string): string {
  const [index, ...steps] = partsOf(change);
  const line = typeof index === 'number' ? older[index] : undefined;
  if (line === undefined) throw notOf(change);
  let text = '';
  let place = 0;
  for (const step of steps) {
    if (typeof step === 'string') text += step;
    else if (!Number.isSafeInteger(step) || place + Math.abs(Number(step)) > line.length) throw notOf(change);
    else {
      const behind = place + Math.abs(Number(step));
      if (Number(step) > 0) text += line.slice(place, behind);
      place = behind;
    }
  }
  return `${text}${line.slice(place)}`;
}

/** The numbers with which the list of a change begins. */
function numbersIn(change: string): readonly number[] {
  const numbers = partsOf(change).slice(0, 2);
  return numbers.filter((one): one is number => Number.isSafeInteger(one) && Number(one) >= 0);
}

function partsOf(change: string): readonly unknown[] {
  try {
    const [list]: readonly unknown[] = Object.values(parseObject(change));
    return Array.isArray(list) ? list : [];
  } catch {
    throw notOf(change);
  }
}

function parseObject(text: string): object {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : {};
}

function notOf(change: string): RangeError {
  return new RangeError(`the change ${change.slice(0, 60)} is none of the scan before it`);
}
