/** An expression of Azure Policy, which are those of ARM templates. Names of functions are in lower case. */
export type PolicyExpression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | Call
  | { readonly kind: 'member'; readonly of: PolicyExpression; readonly key: PolicyExpression };

/** A call of a function; `written` is its name as it stands in the text. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly written: string;
  readonly args: readonly PolicyExpression[];
}

/** The result of reading: an expression, or one clause on what is wrong with the text. */
export type Parsed = { readonly expression: PolicyExpression } | { readonly fault: string };

/** Reads the text between the brackets of `[…]`. Never throws. */
export function parsePolicyExpression(text: string): Parsed {
  const reader: Reader = { text, at: 0, depth: 0 };
  try {
    const expression = readValue(reader);
    const rest = peek(reader);
    if (rest === undefined) return { expression };
    return { fault: `nothing may follow the expression, but ${rest.shown} does` };
  } catch (error) {
    if (error instanceof ExpressionFault) return { fault: error.message };
    throw error;
  }
}

/** The calls in an expression, outermost first. */
export function callsIn(expression: PolicyExpression): readonly Call[] {
  if (expression.kind === 'literal') return [];
  if (expression.kind === 'member') return [...callsIn(expression.of), ...callsIn(expression.key)];
  return [expression, ...expression.args.flatMap(callsIn)];
}

class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault';
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

interface ExpressionToken {
  readonly kind: 'text' | 'number' | 'word' | 'sign';
  readonly value: string;
  readonly end: number;
  readonly shown: string;
}

/** Azure's limit for calls in calls; source: learn.microsoft.com, "policy rule limits". */
const deepest = 64;

const token = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([()[\].,]))/y;

function peek({ text, at }: Reader): ExpressionToken | undefined {
  token.lastIndex = at;
  const found = token.exec(text);
  if (found === null) {
    const rest = text.slice(at).trim();
    if (rest === '') return undefined;
    const why = rest.startsWith("'") ? 'a text is not closed' : `${quoted(rest)} cannot be read`;
    throw new ExpressionFault(why);
  }
  const [whole, string, number, word, sign = ''] = found;
  const shown = quoted(whole.trim());
  const end = token.lastIndex;
  if (string !== undefined) return { kind: 'text', value: string.replaceAll("''", "'"), end, shown };
  if (number !== undefined) return { kind: 'number', value: number, end, shown };
  if (word !== undefined) return { kind: 'word', value: word, end, shown };
  return { kind: 'sign', value: sign, end, shown };
}

function quoted(text: string): string {
  return `"${text.length > 30 ? `${text.slice(0, 30)}…` : text}"`;
}

function accept(reader: Reader, sign: string): boolean {
  const next = peek(reader);
  if (next?.kind !== 'sign' || next.value !== sign) return false;
  reader.at = next.end;
  return true;
}

function expect(reader: Reader, sign: string): void {
  if (accept(reader, sign)) return;
  throw new ExpressionFault(`"${sign}" is missing before ${peek(reader)?.shown ?? 'its end'}`);
}

function readValue(reader: Reader): PolicyExpression {
  reader.depth += 1;
  if (reader.depth > deepest) throw new ExpressionFault(`it is nested deeper than ${deepest} calls`);
  let value = readOperand(reader);
  for (;;) {
    if (accept(reader, '.'))
      value = { kind: 'member', of: value, key: { kind: 'literal', value: readName(reader) } };
    else if (accept(reader, '[')) {
      value = { kind: 'member', of: value, key: readValue(reader) };
      expect(reader, ']');
    } else break;
  }
  reader.depth -= 1;
  return value;
}

function readOperand(reader: Reader): PolicyExpression {
  const next = peek(reader);
  if (next === undefined) throw new ExpressionFault('a value is missing at its end');
  reader.at = next.end;
  if (next.kind === 'text') return { kind: 'literal', value: next.value };
  if (next.kind === 'number') return { kind: 'literal', value: Number(next.value) };
  if (next.kind === 'sign' && next.value === '(') {
    const inner = readValue(reader);
    expect(reader, ')');
    return inner;
  }
  if (next.kind === 'sign') throw new ExpressionFault(`a value is missing before ${next.shown}`);
  if (!accept(reader, '('))
    throw new ExpressionFault(`${next.shown} is no call of a function; text stands in single quotes`);
  return { kind: 'call', name: next.value.toLowerCase(), written: next.value, args: readArguments(reader) };
}

function readArguments(reader: Reader): readonly PolicyExpression[] {
  if (accept(reader, ')')) return [];
  const args = [readValue(reader)];
  while (accept(reader, ',')) args.push(readValue(reader));
  expect(reader, ')');
  return args;
}

function readName(reader: Reader): string {
  const next = peek(reader);
  if (next?.kind !== 'word') throw new ExpressionFault(`a name is missing after "."`);
  reader.at = next.end;
  return next.value;
}
