import type { Dialect } from './dialect.ts';
import {
  commonIndentation,
  emit,
  inString,
  inTemplate,
  type LexerState,
  matchAt,
  openCode,
  readTemplatePiece,
  stepOver,
  type Token,
} from './token.ts';

/** Cuts a text into tokens in one pass, without blanks and comments. Never throws; the last token is `end`. */
export function tokenize(text: string, dialect: Dialect): readonly Token[] {
  const state = stateOf(text, dialect);
  readAll(state);
  emit(state, { kind: 'end', text: '', at: state.at });
  return state.tokens;
}

/** Cuts the inside of a string, as `readTemplatePiece` reads it, into tokens from an `open` to an `end`. */
export function tokenizeTemplate(text: string, dialect: Dialect): readonly Token[] {
  const state = stateOf(text, dialect);
  readTemplate(state, { from: 0, to: text.length, indentation: 0 });
  emit(state, { kind: 'end', text: '', at: text.length });
  return state.tokens;
}

function stateOf(text: string, dialect: Dialect): LexerState {
  return { text, dialect, base: 0, at: 0, tokens: [], open: [], templates: 0, indentation: 0 };
}

function readAll(state: LexerState): void {
  while (state.at < state.text.length) {
    const mode = state.open.at(-1);
    if (mode === inString) readString(state);
    else if (mode === inTemplate) readTemplatePiece(state);
    else readCode(state);
  }
}

/** Here documents inside the code of here documents are read to this depth. */
const deepestTemplate = 4;

const blank = /[^\S\r\n]+|\uFEFF|(?:\/\/|#)[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const newline = /\r\n|\n|\r/y;
const punctuator = /\.\.\.|\?\?|\.\?|\[\?|==|!=|=~|!~|<=|>=|&&|\|\||=>|::|[\s\S]/y;

function readCode(state: LexerState): void {
  const { text, dialect, at } = state;
  if (stepOver(blank, state)) return;
  if (stepOver(newline, state)) return pushNewline(state, at);
  if (readLongText(state)) return;
  if (text[at] === dialect.quote) {
    state.at += 1;
    state.open.push(inString);
    return emit(state, { kind: 'open', text: '', at });
  }
  if (stepOver(dialect.word, state)) return emit(state, { kind: 'word', text: text.slice(at, state.at), at });
  if (stepOver(dialect.number, state))
    return emit(state, { kind: 'number', text: text.slice(at, state.at), at });
  readPunctuator(state);
}

/** Empty lines are not significant: a run of them is one token. */
function pushNewline(state: LexerState, at: number): void {
  if (state.tokens.at(-1)?.kind !== 'newline') emit(state, { kind: 'newline', text: '\n', at });
}

function readPunctuator(state: LexerState): void {
  const { at, open } = state;
  const text = matchAt(punctuator, state)?.[0] ?? '';
  const braces = open.at(-1);
  if (braces !== undefined) {
    if (text === '}' && braces === 0) {
      open.pop();
      return emit(state, { kind: 'endCode', text: text, at });
    }
    if (text === '{') open.splice(-1, 1, braces + 1);
    if (text === '}') open.splice(-1, 1, braces - 1);
  }
  emit(state, { kind: 'punctuator', text: text, at });
}

function readLongText(state: LexerState): boolean {
  const { dialect } = state;
  const long = dialect.longString === undefined ? undefined : matchAt(dialect.longString, state);
  if (long !== undefined) {
    pushLongString(state, long);
    return true;
  }
  const opening = dialect.heredoc === undefined ? undefined : matchAt(dialect.heredoc, state);
  if (opening === undefined) return false;
  readHeredoc(state, opening);
  return true;
}

/** With a `$` in front, the text may hold code, and is unknown. */
function pushLongString(state: LexerState, { 0: whole, 1: text = '', index: at }: RegExpExecArray): void {
  const isClosed = whole.endsWith("'''") && whole.replace(/^\$*/, '').length >= 6;
  if (isClosed && whole.startsWith('$') && text.includes('{'))
    return emit(state, { kind: 'heredoc', text: '', at });
  emit(state, { kind: 'open', text: '', at });
  emit(state, { kind: 'text', text, at });
  emit(state, { kind: isClosed ? 'close' : 'broken', text: '', at: state.at });
}

function readHeredoc(state: LexerState, { 0: opening, 1: word = '', index }: RegExpExecArray): void {
  const from = state.at;
  const ending = new RegExp(`^[ \\t]*${word}[ \\t]*\\r?$`, 'gmu');
  ending.lastIndex = from;
  const closed = ending.exec(state.text);
  state.at = closed === null ? state.text.length : ending.lastIndex;
  if (closed === null) return emit(state, { kind: 'broken', text: '', at: index });
  if (state.templates === deepestTemplate) return emit(state, { kind: 'heredoc', text: '', at: index });
  const indentation = opening.startsWith('<<-') ? commonIndentation(state.text.slice(from, closed.index)) : 0;
  readTemplate(state, { from, to: closed.index, indentation });
}

interface TemplateRange {
  readonly from: number;
  readonly to: number;
  readonly indentation: number;
}

function readTemplate(state: LexerState, { from, to, indentation }: TemplateRange): void {
  const { dialect, tokens } = state;
  const text = state.text.slice(from, to);
  const base = state.base + from;
  const templates = state.templates + 1;
  const inner: LexerState = {
    text,
    dialect,
    base,
    at: 0,
    tokens,
    open: [inTemplate],
    templates,
    indentation,
  };
  emit(inner, { kind: 'open', text: '', at: 0 });
  readAll(inner);
  emit(inner, { kind: inner.open.length === 1 ? 'close' : 'broken', text: '', at: text.length });
}

function readString(state: LexerState): void {
  const { dialect, text, at } = state;
  const plain = matchAt(dialect.plain, state)?.[0];
  if (plain !== undefined) return emit(state, { kind: 'text', text: plain, at });
  const escape = matchAt(dialect.escape, state)?.[0];
  if (escape !== undefined) return emit(state, { kind: 'text', text: dialect.unescape(escape), at });
  if (openCode(state)) return;
  state.open.pop();
  if (text[at] !== dialect.quote) {
    if (matchAt(newline, state) === undefined) state.at += 1;
    return emit(state, { kind: 'broken', text: '', at });
  }
  state.at += 1;
  emit(state, { kind: 'close', text: '', at });
}
