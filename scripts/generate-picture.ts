import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demoTenant, emulator } from '../emulator/index.ts';
import { main } from '../src/cli/main.ts';
import { type TextStream, withStatusLine } from '../src/cli/status-line.ts';
import type { World } from '../src/cli/world.ts';

const root = join(import.meta.dirname, '..');
const command = 'scan --management-group contoso-production --rule AKV001 --rule AKV002';
const columns = 106;
const size = { line: 17, char: 7.8, padding: 18 };

const colors: Readonly<Record<string, string>> = {
  31: '#f85149',
  32: '#3fb950',
  33: '#d29922',
  35: '#bc8cff',
  36: '#39c5cf',
};

/** The picture of the README: what a scan of a part of the demo tenant prints on a terminal, as SVG. */
export async function picture(): Promise<ReadonlyMap<string, string>> {
  const printed = await scanOnTerminal();
  const lines = [`$ purgeproof ${command}`, '', ...printed.trimEnd().split('\n')];
  const height = lines.length * size.line + 2 * size.padding;
  // A command to paste is never broken: it may be longer than the terminal is wide.
  const longest = Math.max(columns, ...lines.map((line) => stripVTControlCharacters(line).length));
  const width = longest * size.char + 2 * size.padding;
  const rows = lines.map((line, index) => row(line, size.padding + (index + 1) * size.line - 5));
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>purgeproof ${command}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ];
  return new Map([['docs/images/scan.svg', svg.join('\n')]]);
}

async function scanOnTerminal(): Promise<string> {
  const chunks: string[] = [];
  const world: World = {
    argv: command.split(' '),
    env: {},
    cwd: root,
    stdin: async () => new Uint8Array(),
    ...withStatusLine({
      stdout: terminal((text) => chunks.push(text)),
      stderr: terminal(() => undefined),
    }),
    now: () => new Date('2026-11-24T08:00:00Z'),
    signal: new AbortController().signal,
    temporary: tmpdir(),
    written: [],
    packageRoot: root,
  };
  const { credential, httpClient } = emulator(demoTenant());
  await main(world, { credential, httpClient });
  return chunks.join('');
}

function terminal(write: (text: string) => void): TextStream {
  return { isTTY: true, columns, write: async (text) => write(text) };
}

/** Each piece of a coloured line begins with the code that changes the style, but for the first. */
function row(line: string, y: number): string {
  const [plain = '', ...pieces] = line.split('\u001b[');
  let column = 0;
  let style = new Set<string>();
  const place = (text: string): string => {
    const x = size.padding + column * size.char;
    column += text.length;
    if (text.trim() === '') return '';
    return `<text x="${x.toFixed(1)}" y="${y}" xml:space="preserve"${attributes(style)}>${escape(text)}</text>`;
  };
  const first = place(plain);
  const styled = pieces.map((piece) => {
    const [code = '', ...text] = piece.split('m');
    style = nextStyle(style, code);
    return place(text.join('m'));
  });
  return [first, ...styled].join('');
}

function nextStyle(style: ReadonlySet<string>, code: string): Set<string> {
  if (code === '0') return new Set();
  if (code === '22') return new Set([...style].filter((each) => each !== '1' && each !== '2'));
  if (code === '39') return new Set([...style].filter((each) => colors[each] === undefined));
  return new Set([...style, code]);
}

function attributes(style: ReadonlySet<string>): string {
  const color = [...style].map((code) => colors[code]).find((found) => found !== undefined);
  const parts = [
    color === undefined ? '' : ` fill="${color}"`,
    style.has('1') ? ' font-weight="bold"' : '',
    style.has('2') ? ' opacity="0.65"' : '',
  ];
  return parts.join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await picture()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
