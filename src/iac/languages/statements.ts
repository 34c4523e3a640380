import { type Cursor, SyntaxFailure } from './cursor.ts';
import type { Dialect } from './dialect.ts';
import { tokenize, tokenizeTemplate } from './lexer.ts';
import type { Token } from './token.ts';

/** The statements of a file, one cursor over each: damage in one does not reach the next. */
interface Statements {
  readonly cursors: readonly Cursor[];
}

/** The beginnings of statements in a language. */
interface StatementSyntax {
  readonly dialect: Dialect;
  readonly keywords: ReadonlySet<string>;
}

/**
 * Cuts a file into its statements: at every keyword that begins a line and is not a key, either at the margin or
 * outside all brackets.
 */
export function statements(text: string, { dialect, keywords }: StatementSyntax): Statements {
  const tokens = tokenize(text, dialect);
  const starts = [0];
  let depth = 0;
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' && token.kind !== 'punctuator') return;
    if (token.kind === 'punctuator') depth = Math.max(0, depth + (nesting.get(token.text) ?? 0));
    if (!keywords.has(token.text) || !beginsStatement(tokens, index)) return;
    const atMargin = token.at === 0 || /[\n\r\uFEFF]/.test(text[token.at - 1] ?? '');
    if (depth > 0 && (!atMargin || token.kind === 'punctuator')) return;
    depth = 0;
    starts.push(index);
  });
  const cursors = starts.map((index, order) => {
    const limit = starts[order + 1] ?? tokens.length - 1;
    return dialect.joinsLines
      ? cursorOver(joinLines(tokens.slice(index, limit + 1)), dialect)
      : { tokens, dialect, index, limit, depth: 0 };
  });
  return { cursors };
}

const nesting = new Map([
  ...['{', '[', '(', '[?'].map((punctuator) => [punctuator, 1] as const),
  ...['}', ']', ')'].map((punctuator) => [punctuator, -1] as const),
]);

function beginsStatement(tokens: readonly Token[], index: number): boolean {
  const [before, token, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  const first = before === undefined || before.kind === 'newline' || before.kind === 'broken';
  if (token?.kind === 'punctuator') return first;
  return (
    first &&
    token?.kind === 'word' &&
    (after?.kind === 'word' || after?.kind === 'open' || after?.text === '{' || after?.text === '*')
  );
}

/** A cursor over a whole text, as over one expression: a value of ARM, without its brackets. */
export function expressionCursor(text: string, dialect: Dialect): Cursor {
  const tokens = tokenize(text, dialect);
  return cursorOver(dialect.joinsLines ? joinLines(tokens) : tokens, dialect);
}

/** A cursor over a text that is the inside of a string, such as a string in Terraform's JSON. */
export function templateCursor(text: string, dialect: Dialect): Cursor {
  return cursorOver(joinLines(tokenizeTemplate(text, dialect)), dialect);
}

/** The last token bounds the cursor and is not read. */
function cursorOver(tokens: readonly Token[], dialect: Dialect): Cursor {
  return { tokens, dialect, index: 0, limit: tokens.length - 1, depth: 0 };
}

/** Runs `read`; a failure of syntax is passed to `report`, with its offset, and leaves `undefined`. */
export function attempt<T>(read: () => T, report: (message: string, at: number) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    report(error.message, error.at);
    return undefined;
  }
}

/**
 * The tokens without the line ends that are not significant in HCL: those inside parentheses, square brackets,
 * interpolations and comprehensions. In the braces of an object or a block they separate.
 */
function joinLines(tokens: readonly Token[]): readonly Token[] {
  const joins: boolean[] = [];
  return tokens.filter(({ kind, text }, index) => {
    if (kind === 'newline') return joins.at(-1) !== true;
    if (kind === 'code' || (kind === 'punctuator' && (text === '(' || text === '['))) joins.push(true);
    else if (kind === 'punctuator' && text === '{') joins.push(isComprehension(tokens, index + 1));
    else if (kind === 'endCode' || (kind === 'punctuator' && /^[)\]}]$/.test(text))) joins.pop();
    return true;
  });
}

/** `{ for k, v in map : … }`; line ends are merged by the lexer, so at most one precedes the word. */
function isComprehension(tokens: readonly Token[], index: number): boolean {
  const first = tokens[index]?.kind === 'newline' ? index + 1 : index;
  return tokens[first]?.kind === 'word' && tokens[first].text === 'for' && tokens[first + 1]?.kind === 'word';
}
