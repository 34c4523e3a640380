import {
  comma,
  isSpace,
  type JsonBytes,
  newLine,
  newScan,
  openObject,
  scanValue,
  type ValueScan,
} from './json-bytes.ts';

/** Objects of a list that have come whole, one after the other. `scan` is of all of them, with what is between them. */
export interface ObjectRun {
  readonly scan: ValueScan;
  /** The place of each, as indexes of its first byte and of that after its last, and its levels. */
  readonly objects: readonly ScannedObject[];
}

interface ScannedObject {
  readonly from: number;
  readonly to: number;
  readonly levels: number;
}

/** The bytes and members of the largest object that is part of a run. */
interface Limits {
  readonly mostHeld: number;
  readonly mostMembers: number;
}

/** So many objects are parsed together at most, and none that begins after so many bytes. */
const [mostObjects, mostBytes] = [32, 65_536];

/** Scans from `input.at` for the objects that stand there, without those that cannot be taken as they are. */
export function scanRun(input: JsonBytes, { mostHeld, mostMembers }: Limits): ObjectRun {
  const { bytes, at: start, end } = input;
  const cursor = { bytes, at: start, end };
  const run = newScan();
  const objects: ScannedObject[] = [];
  let passed = { lines: 0, lastLine: 0 };
  while (cursor.at < end && bytes[cursor.at] === openObject) {
    const from = cursor.at;
    const scan = newScan();
    if (scanValue(cursor, scan, false) !== 'end') break;
    if (scan.length > mostHeld || scan.keys > mostMembers) break;
    addLines(run, passed);
    addLines(run, { lines: scan.lines, lastLine: from - start + scan.lastLine });
    run.keys += scan.keys;
    run.length = from - start + scan.length;
    objects.push({ from, to: from + scan.length, levels: scan.deepest });
    if (objects.length === mostObjects || run.length > mostBytes) break;
    passed = passComma(cursor, start + run.length, start);
  }
  return { scan: run, objects };
}

type Lines = Pick<ValueScan, 'lines' | 'lastLine'>;

function addLines(scan: Lines, { lines, lastLine }: Lines): void {
  if (lines === 0) return;
  scan.lines += lines;
  scan.lastLine = lastLine;
}

/** Moves behind the comma after a value that ends at `from`, if there is one, and behind the spaces around it. */
function passComma(cursor: Pick<JsonBytes, 'bytes' | 'at' | 'end'>, from: number, start: number): Lines {
  const { bytes, end } = cursor;
  const passed = { lines: 0, lastLine: 0 };
  let commas = 0;
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === comma && commas === 0) commas += 1;
    else if (!isSpace(byte)) break;
    if (byte !== newLine) continue;
    passed.lines += 1;
    passed.lastLine = at + 1 - start;
  }
  // Without a comma, no object may follow.
  cursor.at = commas === 1 ? at : end;
  return passed;
}
