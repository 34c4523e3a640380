/**
 * `open`, `text`, `code`, `endCode`, `close` are the pieces of a string: `'kv-${env}'` is open, text, code, word,
 * endCode, close. `broken` ends a string that is not closed on its line.
 */
type TokenKind =
  | 'word'
  | 'number'
  | 'punctuator'
  | 'newline'
  | 'open'
  | 'text'
  | 'code'
  | 'endCode'
  | 'close'
  | 'heredoc'
  | 'broken'
  | 'end';

/** A token; `text` of a string's piece has its escapes resolved. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}
