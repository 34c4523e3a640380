/** JSON with its comments as blanks, so that every offset stays what it was; `undefined` where it cannot be JSON. */
export function blankComments(text: string): string | undefined {
  let [depth, done] = [0, false];
  let out = '';
  let from = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token.startsWith('/')) {
      out += text.slice(from, index) + token.replaceAll(/[^\r\n]/g, ' ');
      from = index + token.length;
    } else if (done) return undefined;
    else if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    done = depth === 0 && !token.startsWith('/');
    if (depth > deepest || depth < 0) return undefined;
  }
  return depth === 0 ? out + text.slice(from) : undefined;
}

/** The parser recurses: text that was nested to exhaust its stack is turned away here. */
const deepest = 100;

const tokens = /"(?:[^"\\]|\\[\s\S])*(?:"|$)|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)|[{}[\]]/g;
