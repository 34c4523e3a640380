import { Lexer } from 'yaml';
import { describe, expect, test, vi } from 'vitest';
import { readDocument } from '../../src/documents/read-document.ts';
import { run } from '../cli/run.ts';

/** Time is measured by `npm run bench -- odd-inputs`; here the work is counted. */
describe('B10: the table on texts of megabytes', () => {
  const rows = (name: string, rest: object = {}): string => {
    const group = '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg';
    const id = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
    return JSON.stringify([{ id, name, type: 'Microsoft.KeyVault/vaults', properties: {}, ...rest }]);
  };

  test.for<[string, string]>([
    ['one word', rows('k'.repeat(1_000_000))],
    ['many words', rows('k '.repeat(500_000).trim())],
    ['words with dashes', rows('k-'.repeat(500_000))],
    ['characters that are revealed', rows('\u202e'.repeat(300_000))],
    ['emoji', rows('👩‍👩‍👧'.repeat(100_000))],
    ['one character with marks without end', rows(`a${'\u0301'.repeat(500_000)}`)],
    ['a place', rows('kv-a', { location: 'x '.repeat(500_000).trim() })],
  ])('%s', async ([, inventory]) => {
    const { code, stdout, stderr } = await run(['scan', '--inventory', '-'], { stdin: inventory });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/more\s+characters\)/);
    expect(stdout.length).toBeLessThan(500_000);
    expect(stdout).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});

describe('B11: a rule file that nests without end is read no further than it takes to see that', () => {
  const lexemesOf = (text: string): { readonly problems: readonly string[]; readonly read: number } => {
    let read = 0;
    // The first lexer is counted: the second one is the parser's.
    const spy = vi.spyOn(Lexer.prototype, 'lex').mockImplementationOnce(function* counted(source) {
      spy.mockRestore();
      for (const lexeme of new Lexer().lex(source)) {
        read += 1;
        yield lexeme;
      }
    });
    const { problems } = readDocument({ file: 'r.yaml', bytes: Buffer.from(text) });
    return { problems: problems.map(({ line, column, message }) => `${line}:${column} ${message}`), read };
  };
  const deep = 'nested more than 100 levels deep';

  test.for<[string, string, string]>([
    ['brackets', `require: ${'['.repeat(400_000)}`, `1:110 ${deep}`],
    ['brackets that are closed', `${'['.repeat(400_000)}${']'.repeat(400_000)}`, `1:101 ${deep}`],
    ['braces', '{a: '.repeat(200_000), `1:401 ${deep}`],
    ['brackets on lines of their own', '[\n'.repeat(400_000), `101:1 ${deep}`],
    ['list signs', '- '.repeat(400_000), `1:201 ${deep}`],
    ['key signs', '? '.repeat(400_000), `1:201 ${deep}`],
  ])('%s', ([, text, problem]) => {
    const { problems, read } = lexemesOf(text);
    expect(problems).toEqual([problem]);
    expect(read).toBeLessThan(2_000);
  });

  test('words and signs have a bound, and line ends are none of them', () => {
    const { problems, read } = lexemesOf(`a: [${'1,'.repeat(500_000)}]`);
    expect(problems).toEqual([expect.stringContaining('more than 600000 words and signs')]);
    expect(read).toBeLessThan(1_000_000);
    expect(lexemesOf('\n'.repeat(1_000_000)).problems).toEqual(['1:1 the file is empty']);
  });

  test.for([
    `[${'[],'.repeat(5000)}]`,
    '- a\n'.repeat(5000),
    Array.from({ length: 90 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    `${'['.repeat(100)}${']'.repeat(100)}`,
    `a: "${'['.repeat(500)}"\nb: '${'- '.repeat(500)}'\n# ${'['.repeat(500)}`,
  ])('what does not nest, or not too deep, is read: %#', (text) => {
    expect(lexemesOf(text).problems.filter((problem) => problem.includes('deep'))).toEqual([]);
  });
});
