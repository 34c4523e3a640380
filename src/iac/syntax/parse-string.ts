import { accept, type Cursor, failure, peek, skipNewlines, take } from './cursor.ts';
import { type Expression, opaque } from './expression.ts';

/** Parses a string, with the cursor on its opening: a literal, a template where it holds code, or in HCL a value. */
export function parseString(cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression {
  take(cursor);
  const parts: Expression[] = [];
  const { unwrapsLoneCode } = cursor.dialect;
  for (;;) {
    const { kind, text } = peek(cursor);
    if (kind === 'text') {
      take(cursor);
      parts.push({ kind: 'literal', value: text });
    } else if (kind === 'code') parts.push(parseCode(cursor, parse));
    else if (kind === 'close') {
      take(cursor);
      const [only] = parts;
      return unwrapsLoneCode && parts.length === 1 && only !== undefined ? only : joined(parts);
    } else throw failure(cursor, 'expected the end of the string');
  }
}

function parseCode(cursor: Cursor, parse: (cursor: Cursor) => Expression): Expression {
  if (take(cursor).text.startsWith('%')) return skipDirective(cursor);
  skipNewlines(cursor);
  const value = parse(cursor);
  skipNewlines(cursor);
  accept(cursor, '~');
  if (peek(cursor).kind !== 'endCode') throw failure(cursor, 'expected }');
  take(cursor);
  return value;
}

/** `%{ if … }`: the text that it governs is kept, so the directive stands for whatever else may come there. */
function skipDirective(cursor: Cursor): Expression {
  while (peek(cursor).kind !== 'endCode') {
    if (peek(cursor).kind === 'end') throw failure(cursor, 'expected }');
    take(cursor);
  }
  take(cursor);
  return opaque;
}

function joined(parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'literal' && typeof only.value === 'string') return only;
  const texts = parts.flatMap((part) =>
    part.kind === 'literal' && typeof part.value === 'string' ? [part.value] : [],
  );
  return texts.length === parts.length
    ? { kind: 'literal', value: texts.join('') }
    : { kind: 'template', parts };
}
