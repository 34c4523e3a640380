import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { json } from '../../src/reporters/scan/json.ts';
import { markdown } from '../../src/reporters/scan/markdown.ts';
import { sarifFull } from '../../src/reporters/scan/sarif-full.ts';
import { table } from '../../src/reporters/scan/table.ts';
import { markdownCode, markdownText } from '../../src/reporters/text/markdown.ts';
import { sarifName, sarifText } from '../../src/reporters/text/sarif.ts';
import { terminalText } from '../../src/reporters/text/terminal.ts';
import { readReport } from '../../src/usecases/report/report-file.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { actedUpon, commands, hostileTexts } from './hostile.ts';
import { defaultContext, loadedFormats, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const hostile = sharedReports['hostile']!;
const formats = loadedFormats.map(([format, reporter]) => ({ format, reporter }));

describe.for(formats)('hostile names and tags in $format', ({ format, reporter }) => {
  test('leave nothing that a terminal acts upon', () => {
    const text = textOf(reporter, hostile);
    // CSV ends its lines as RFC 4180 has it.
    expect(format === 'csv' ? text.replaceAll('\r\n', '\n') : text).not.toMatch(actedUpon);
  });

  test('leave nothing that a build log takes for a command', () => {
    expect(textOf(reporter, hostile)).not.toMatch(commands);
  });
});

test('no terminal is so narrow that wrapping makes a command', () => {
  for (let width = 40; width <= 120; width += 1) {
    expect(textOf(table, hostile, { ...defaultContext, terminal: { color: false, width } })).not.toMatch(
      commands,
    );
  }
});

const foreignMarkup = /[|`[\]<>*~$@#\\]|https?:\/\/|www\./;

test.for(hostileTexts)('%s stays text in Markdown', ([, text]) => {
  for (const rendered of [markdownText(text), markdownCode(text)]) {
    const foreign = rendered.replaceAll(/<\/?code>/g, '').replaceAll(/&#\d+;/g, '');
    expect(foreign).not.toMatch(foreignMarkup);
    expect(foreign).not.toMatch(/[\r\n]/);
  }
});

test.for(hostileTexts)('%s can be read in Markdown as it was written', ([, text]) => {
  const read = markdownText(text)
    .replaceAll(/<\/?code>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  expect(read).toBe(visible(text));
});

test('GitHub is given no mention, issue, commit or address to link outside code', () => {
  const text =
    'ask @octocat/team about #1, GH-22, deadbeef1, a@b.example, http://x.example and www.x.example';
  const outside = markdownText(text).replaceAll(/<code>.*?<\/code>/g, '…');
  expect(outside).toBe('ask … about …, …, …, …, … and …');
});

test('Markdown keeps as many cells in every row as its head has, and closes what it opens', () => {
  const lines = textOf(markdown, hostile).split('\n');
  const cells = lines.map((line) => (line.startsWith('|') ? line.split('|').length : 0));
  const torn = cells.filter(
    (amount, row) => amount > 0 && (cells[row - 1] ?? 0) > 0 && amount !== cells[row - 1],
  );
  expect(torn).toStrictEqual([]);
  for (const tag of ['details', 'summary', 'code']) {
    const opened = lines.join('\n').match(new RegExp(`<${tag}>`, 'g'));
    expect(lines.join('\n').match(new RegExp(`</${tag}>`, 'g'))).toHaveLength(opened!.length);
  }
});

test.for([
  ['::error::x', '\\u003a:error\\u003a:x'],
  ['  ::stop-commands::x', '  \\u003a:stop-commands\\u003a:x'],
  ['##[error]x', '\\u0023#[error]x'],
  ['##vso[task.complete]x', '\\u0023#vso[task.complete]x'],
  ['\u001b[31mred', '\\u001b[31mred'],
  ['kv-\u202egnp', 'kv-\\u202egnp'],
  ['a\u2028b\nc\td\re', 'a\\u2028b\\nc\\td\\re'],
  ['a\u{e0041}b', 'a\\u{e0041}b'],
  ['2001:db8::1', '2001:db8::1'],
  ['a ⚠️ sign, 金庫, naïve', 'a ⚠️ sign, 金庫, naïve'],
] as const)('a terminal shows %j as %j', ([text, shown]) => {
  expect(terminalText(text)).toBe(shown);
});

test.for([
  ['value {0} of {1}', 'value {{0}} of {{1}}'],
  ['[here](1)', '[here]\\u00281)'],
  ['kv-\u202egnp', 'kv-\\u202egnp'],
  ['', '(empty)'],
] as const)('a SARIF message holds %j as %j', ([text, shown]) => {
  expect(sarifText(text)).toBe(shown);
});

test.for(['x', '{', '](', '\u202e', '🔐'])(
  'a SARIF text of endless %j is cut to 1024, not inside a sign',
  (sign) => {
    for (const render of [sarifText, sarifName]) {
      const text = render(sign.repeat(3000));
      expect(text.length).toBeLessThanOrEqual(1024);
      expect(text.length).toBeGreaterThan(1010);
      expect(text).not.toMatch(/\p{Cs}/u);
    }
  },
);

test('a doubled brace is not cut in two', () => {
  expect(sarifText('x' + '{'.repeat(3000)).replace(/^x|…$/g, '').length % 2).toBe(0);
  expect(sarifText('{'.repeat(3000)).replace('…', '').length % 2).toBe(0);
});

test('JSON and the complete SARIF keep every value as it was', () => {
  const text = textOf(json, hostile);
  const { deployed, frameworks, ...itself } = hostile;
  expect(readReport(Buffer.from(text), 'report.json')).toStrictEqual(JSON.parse(JSON.stringify(itself)));
  const written: ScanReport = JSON.parse(text);
  const reasons = ({ deployed: all = [] }: ScanReport) => all.map((one) => 'reason' in one && one.reason);
  expect(reasons(written)).toStrictEqual(reasons(hostile));
  expect(deployed).toHaveLength(hostileTexts.length);
  expect(written.frameworks).toStrictEqual(JSON.parse(JSON.stringify(frameworks)));
  const log: Log = JSON.parse(textOf(sarifFull, hostile));
  const owners = log.runs[0]!.results!.map((result) => result.properties!['evidence']);
  const value = 'value {0} of {1}';
  expect(owners).toContainEqual([{ field: 'tags.owner', expected: value, actual: { tag: value } }]);
});

/** What a reader sees: invisible characters as their escapes. */
function visible(text: string): string {
  return text
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(new RegExp(actedUpon, 'gu'), (sign) => {
      const code = sign.codePointAt(0)!.toString(16);
      return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
    });
}
