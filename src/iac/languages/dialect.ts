/** The differences of the languages for the lexer. Every pattern is sticky. */
export interface Dialect {
  readonly word: RegExp;
  /** Opens a string that ends on its line. */
  readonly quote: string;
  /** A run of plain characters inside such a string. */
  readonly plain: RegExp;
  /** An escape inside such a string, and the text that it represents. */
  readonly escape: RegExp;
  readonly unescape: (escape: string) => string;
  /** Opens code inside such a string; it ends at the matching `}`. */
  readonly code: RegExp | undefined;
  /** A string that may span lines; group 1, where there is one, is its text. */
  readonly longString: RegExp | undefined;
  /** Opens a here document; group 1 is the word that ends it. */
  readonly heredoc: RegExp | undefined;
  readonly number: RegExp;
  /** Line ends inside parentheses, square brackets and comprehensions are not significant, as in HCL. */
  readonly joinsLines: boolean;
  /** A string of one interpolation is the value itself and no text, as in HCL. */
  readonly unwrapsLoneCode: boolean;
  /** Prefixes by which a language names its own functions: `sys.toLower()`. */
  readonly namespaces: ReadonlySet<string>;
  /** The word before the name of a parameter: `var` in `var.name`. */
  readonly parameterRoot?: string;
  /** Names under which functions are known here that another language has under the same name and that do something else. */
  readonly ownFunctions?: Readonly<Record<string, string>>;
  /** Functions that look a name up. */
  readonly namedBy?: Readonly<Record<string, 'parameter' | 'reference'>>;
}

/** Bicep and its parameter files. */
export const bicep: Dialect = {
  word: /[A-Za-z_]\w*/y,
  quote: "'",
  plain: /[^'\\$\r\n]+|\$(?!\{)/y,
  escape: /\\(?:u\{[0-9A-Fa-f]{1,6}\}|[^\r\n])/y,
  unescape: (escape) => unescapeCharacter(escape),
  code: /\$\{/y,
  longString: /\${0,8}'''\r?\n?([\s\S]*?)(?:'''|$)/y,
  heredoc: undefined,
  number: /\d+/y,
  joinsLines: false,
  unwrapsLoneCode: false,
  namespaces: new Set(['az', 'sys']),
};

/** HCL, the language of Terraform. */
export const hcl: Dialect = {
  word: /[\p{ID_Start}_][\p{ID_Continue}-]*/uy,
  quote: '"',
  plain: /[^"\\$%\r\n]+|[$%](?![{$%])/y,
  escape: /\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\r\n])|\$\$\{|%%\{|[$%](?!\{)/y,
  unescape: (escape) => (escape === '$${' || escape === '%%{' ? escape.slice(1) : unescapeCharacter(escape)),
  code: /[$%]\{~?/y,
  longString: undefined,
  heredoc: /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy,
  number: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y,
  joinsLines: true,
  unwrapsLoneCode: true,
  namespaces: new Set(['core']),
  parameterRoot: 'var',
  ownFunctions: { range: 'rangeTo()' },
};

/** The expressions of ARM templates, without their outer brackets. */
export const armExpression: Dialect = {
  word: /[A-Za-z_][\w]*/y,
  quote: "'",
  plain: /[^']+/y,
  escape: /''/y,
  unescape: () => "'",
  code: undefined,
  longString: undefined,
  heredoc: undefined,
  number: /\d+(?:\.\d+)?/y,
  joinsLines: false,
  unwrapsLoneCode: false,
  namespaces: new Set(),
  namedBy: { parameters: 'parameter', variables: 'reference' },
};

const characters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescapeCharacter(escape: string): string {
  if (!escape.startsWith('\\')) return escape;
  const code = /^\\[uU]\{?([0-9A-Fa-f]+)\}?$/.exec(escape)?.[1];
  if (code === undefined) return characters[escape.slice(1)] ?? escape.slice(1);
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
}
