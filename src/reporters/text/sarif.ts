import { revealInvisible } from './invisible.ts';

/** GitHub cuts or refuses longer texts. */
const maxTextLength = 1024;

/**
 * Untrusted text for a SARIF message, at most 1024 characters: braces doubled, so that `{0}` is no placeholder
 * (SARIF 2.1.0 §3.11.5), `[text](target)` broken, so that it is no link (§3.11.6). Never empty.
 */
export function sarifText(text: string): string {
  return cut(revealInvisible(text).matchAll(/\]\(|./gsu), (token) => {
    if (token === '](') return ']\\u0028';
    return token === '{' || token === '}' ? token + token : token;
  });
}

/** Untrusted text for a SARIF property that is no message, such as a name or a tag: same length, no escapes for messages. */
export function sarifName(text: string): string {
  return cut(revealInvisible(text).matchAll(/./gsu), (token) => token);
}

function cut(tokens: Iterable<RegExpMatchArray>, render: (token: string) => string): string {
  let cut = '';
  for (const [token] of tokens) {
    const next = render(token);
    if (cut.length + next.length >= maxTextLength) return `${cut}…`;
    cut += next;
  }
  return cut === '' ? '(empty)' : cut;
}
