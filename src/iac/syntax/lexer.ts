import type { Dialect } from './dialect.ts';
import type { Token } from './token.ts';

/** Cuts a text into tokens in one pass, without blanks and comments. Never throws; the last token is `end`. */
export function tokenize(text: string, dialect: Dialect): readonly Token[] {
  const state: State = { text, dialect, at: 0, tokens: [], open: [] };
  while (state.at < text.length) {
    if (state.open.at(-1) === inString) readString(state);
    else readCode(state);
  }
  emit(state, { kind: 'end', text: '', at: state.at });
  return state.tokens;
}

const inString = -1;

interface State {
  readonly text: string;
  readonly dialect: Dialect;
  at: number;
  readonly tokens: Token[];
  /** For each string that is open `inString`; for each piece of code in one the number of braces it has open. */
  readonly open: number[];
}

const blank = /[^\S\r\n]+|\uFEFF|(?:\/\/|#)[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const newline = /\r\n|\n|\r/y;
const number = /\d+(?:\.\d+)?/y;
const mark = /\.\.\.|\?\?|\.\?|\[\?|==|!=|=~|!~|<=|>=|&&|\|\||=>|::|[\s\S]/y;

function readCode(state: State): void {
  const { text, dialect, at } = state;
  if (matchAt(blank, state) !== undefined) return;
  if (matchAt(newline, state) !== undefined) return pushNewline(state, at);
  if (readLongText(state)) return;
  if (text[at] === dialect.quote) {
    state.at += 1;
    state.open.push(inString);
    return emit(state, { kind: 'open', text: '', at });
  }
  const word = matchAt(dialect.word, state)?.[0];
  if (word !== undefined) return emit(state, { kind: 'word', text: word, at });
  const digits = matchAt(number, state)?.[0];
  if (digits !== undefined) return emit(state, { kind: 'number', text: digits, at });
  readMark(state);
}

/** Empty lines say nothing: one token stands for a run of them. */
function pushNewline(state: State, at: number): void {
  if (state.tokens.at(-1)?.kind !== 'newline') emit(state, { kind: 'newline', text: '\n', at });
}

function readMark(state: State): void {
  const { at, open } = state;
  const text = matchAt(mark, state)?.[0] ?? '';
  const braces = open.at(-1);
  if (braces !== undefined) {
    if (text === '}' && braces === 0) {
      open.pop();
      return emit(state, { kind: 'endCode', text: text, at });
    }
    if (text === '{') open.splice(-1, 1, braces + 1);
    if (text === '}') open.splice(-1, 1, braces - 1);
  }
  emit(state, { kind: 'mark', text: text, at });
}

function readLongText(state: State): boolean {
  const { dialect, at } = state;
  const long = dialect.longString === undefined ? undefined : matchAt(dialect.longString, state);
  if (long !== undefined) {
    emit(state, { kind: 'open', text: '', at });
    emit(state, { kind: 'text', text: long[1] ?? '', at });
    emit(state, { kind: isClosed(long[0]) ? 'close' : 'broken', text: '', at: state.at });
    return true;
  }
  const word = dialect.heredoc === undefined ? undefined : matchAt(dialect.heredoc, state)?.[1];
  if (word === undefined) return false;
  const ending = new RegExp(`^[ \\t]*${word}[ \\t]*\\r?$`, 'gmu');
  ending.lastIndex = state.at;
  const closed = ending.exec(state.text);
  state.at = closed === null ? state.text.length : ending.lastIndex;
  emit(state, { kind: closed === null ? 'broken' : 'heredoc', text: '', at });
  return true;
}

/** Six quotes are the least: the opening three and the closing three. */
function isClosed(long: string): boolean {
  return long.endsWith("'''") && long.replace(/^\$*/, '').length >= 6;
}

function readString(state: State): void {
  const { dialect, text, at } = state;
  const plain = matchAt(dialect.plain, state)?.[0];
  if (plain !== undefined) return emit(state, { kind: 'text', text: plain, at });
  const escape = matchAt(dialect.escape, state)?.[0];
  if (escape !== undefined) return emit(state, { kind: 'text', text: dialect.unescape(escape), at });
  const code = dialect.code === undefined ? undefined : matchAt(dialect.code, state)?.[0];
  if (code !== undefined) {
    state.open.push(0);
    return emit(state, { kind: 'code', text: code, at });
  }
  state.open.pop();
  if (text[at] !== dialect.quote) {
    if (matchAt(newline, state) === undefined) state.at += 1;
    return emit(state, { kind: 'broken', text: '', at });
  }
  state.at += 1;
  emit(state, { kind: 'close', text: '', at });
}

function matchAt(pattern: RegExp, state: State): RegExpExecArray | undefined {
  pattern.lastIndex = state.at;
  const found = pattern.exec(state.text) ?? undefined;
  if (found !== undefined) state.at = pattern.lastIndex;
  return found;
}

function emit(state: State, token: Token): void {
  state.tokens.push(token);
}
