/** Texts of JSON that are laid out as our own are, each with a note, in the forms that they have. */
export interface TextForms<Note> {
  /** The note of the text that this one differs from in free values alone; `undefined` where there is none. */
  readonly noteOf: (text: Buffer) => Note | undefined;
  /** The offset behind a text of one of the forms that begins at another one; -1 where there is none. */
  readonly endOf: (text: Buffer, from: number) => number;
  /** Adds a text that is JSON, and repeats no key. */
  readonly add: (text: Buffer, note: Note) => void;
}

/** The values of a member of that name in which texts of one form may differ. */
export interface FreeValue {
  readonly kind: 'any' | 'object' | 'text';
  /** Of a text between its quotes: 1 for each byte that may be in it. */
  readonly characters: Uint8Array;
  readonly length: number | undefined;
  /** The offset behind an object or a list that begins at another one, and repeats no key; -1 where there is none. */
  readonly endOfTree: (text: Buffer, from: number) => number;
}

/** Begins without texts. `freeValue` tells of the name of a member what may be its value; else it is the same in all. */
export function textForms<Note>(freeValue: (name: string) => FreeValue | undefined): TextForms<Note> {
  const roots: Branch<Note>[] = [];
  let added = 0;
  return {
    noteOf: (text) => {
      const end = endIn(roots, text, 0);
      return end?.offset === text.length ? end.note : undefined;
    },
    endOf: (text, from) => endIn(roots, text, from)?.offset ?? nowhere,
    add: (text, note) => {
      if (added === mostForms || text.length > longest) return;
      added += 1;
      grow(roots, partsOf(text, freeValue), note);
    },
  };
}

/** Many times the forms that the findings of a large estate have, and bytes of the longest one: of each, about as many are kept. */
const [mostForms, longest] = [1000, 2 ** 16];

/** The texts that are the same up to here, as a tree: no two branches at one place begin with the same byte. */
interface Branch<Note> {
  same: Buffer;
  branches: Branch<Note>[];
  fork: Fork<Note> | undefined;
  /** That of the text which ends here. */
  note: Note | undefined;
}

/** A value in which texts differ, and how they go on behind it. */
interface Fork<Note> {
  readonly value: FreeValue;
  readonly behind: Branch<Note>[];
  /** The last object or list that was here: most are like the one before. */
  tree?: Buffer;
}

/** A piece that all texts of a form have, and the value behind it in which they differ; there is none behind the last one. */
type TextPart = readonly [same: Buffer, value?: FreeValue];

/** At the beginning of a line there is no string that began before: JSON has no line ends in strings. */
const memberOnLine = /^ *"(?<name>\w+)": /gm;

function* partsOf(text: Buffer, freeValue: (name: string) => FreeValue | undefined): Iterable<TextPart> {
  let behind = 0;
  // Each character of Latin-1 is a byte.
  for (const { index, 0: opening, groups } of text.toString('latin1').matchAll(memberOnLine)) {
    const value = freeValue(groups?.['name'] ?? '');
    if (value === undefined || index < behind) continue;
    const from = index + opening.length;
    const end = endOfValue(text, from, value);
    if (end === nowhere) continue;
    yield [Buffer.from(text.subarray(behind, from)), value];
    behind = end;
  }
  yield [Buffer.from(text.subarray(behind))];
}

function grow<Note>(roots: Branch<Note>[], parts: Iterable<TextPart>, note: Note): void {
  let branches = roots;
  for (const [same, value] of parts) {
    const branch = reach(branches, same);
    if (value === undefined) branch.note = note;
    else branches = (branch.fork ??= { value, behind: [] }).behind;
  }
}

/** The branch that ends with these bytes, which is made where there is none. */
function reach<Note>(roots: Branch<Note>[], bytes: Buffer): Branch<Note> {
  let [branches, rest] = [roots, bytes];
  for (;;) {
    const branch = branches.find(({ same }) => same[0] === rest[0]);
    if (branch === undefined) {
      const made: Branch<Note> = { same: rest, branches: [], fork: undefined, note: undefined };
      branches.push(made);
      return made;
    }
    let common = 0;
    while (common < rest.length && rest[common] === branch.same[common]) common += 1;
    if (common < branch.same.length) {
      const behind = { ...branch, same: branch.same.subarray(common) };
      const same = branch.same.subarray(0, common);
      Object.assign(branch, { same, branches: [behind], fork: undefined, note: undefined });
    }
    if (common === rest.length) return branch;
    [branches, rest] = [branch.branches, rest.subarray(common)];
  }
}

/** The end of the form that a text has from an offset on. No form is the beginning of another one. */
function endIn<Note>(roots: readonly Branch<Note>[], text: Buffer, from: number) {
  let branches = roots;
  for (let at = from; ;) {
    const branch = branchAt(branches, text, at);
    if (branch === undefined) return undefined;
    at += branch.same.length;
    if (branch.note !== undefined) return { note: branch.note, offset: at };
    const end = branch.fork === undefined ? nowhere : endInFork(text, at, branch.fork);
    branches = (end === nowhere ? undefined : branch.fork?.behind) ?? branch.branches;
    if (end !== nowhere) at = end;
  }
}

/** The branch that a text follows from an offset on. */
function branchAt<B extends { readonly same: Buffer }>(branches: readonly B[], text: Buffer, offset: number) {
  for (const branch of branches) {
    const { same } = branch;
    if (same[0] !== text[offset]) continue;
    for (let at = 1; at < same.length; at += 1) if (same[at] !== text[offset + at]) return undefined;
    return branch;
  }
  return undefined;
}

function endInFork<Note>(text: Buffer, from: number, fork: Fork<Note>): number {
  if (text[from] !== openObject && text[from] !== openList) return endOfValue(text, from, fork.value);
  const { tree } = fork;
  if (tree !== undefined && text.subarray(from, from + tree.length).equals(tree)) return from + tree.length;
  const end = endOfValue(text, from, fork.value);
  if (end !== nowhere) fork.tree = text.subarray(from, end);
  return end;
}

/** The offset behind a value; `nowhere` where it is of another kind, or written otherwise than ours are. */
function endOfValue(text: Buffer, from: number, value: FreeValue): number {
  const { kind, characters, length } = value;
  const first = text[from];
  if (first === openObject) return kind === 'text' ? nowhere : value.endOfTree(text, from);
  if (first === openList) return kind === 'any' ? value.endOfTree(text, from) : nowhere;
  if (first !== quote) return kind === 'any' ? endOfPlain(text, from) : nowhere;
  if (kind === 'object') return nowhere;
  let end = from + 1;
  while (characters[text[end] ?? 0] === 1) end += 1;
  const isWhole = length === undefined || end === from + 1 + length;
  return text[end] === quote && isWhole ? end + 1 : nowhere;
}

/** The offset behind a number, `true`, `false` or `null`. */
function endOfPlain(text: Buffer, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== comma && text[end] !== lineEnd) end += 1;
  return plainValue.test(text.toString('latin1', from, end)) ? end : nowhere;
}

const nowhere = -1;
const [quote, comma, lineEnd, openObject, openList] = [0x22, 0x2c, 0x0a, 0x7b, 0x5b];
const plainValue = /^(?:null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?)$/;
