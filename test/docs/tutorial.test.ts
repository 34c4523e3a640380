import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { record } from '../action/recording.ts';
import { run } from '../cli/run.ts';
import { page } from './pages.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof tutorial-'));
  mkdirSync(join(cwd, '.git'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** A block of the page: a file to write, or commands with the lines that they print. */
interface Block {
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

const blocks = Array.from(
  page('docs/tutorial.md').matchAll(/(?:<!-- file: (\S+) -->\n\n)?^```(\w+)\n(.*?)^```/gmsu),
  ([, file, language = '', text = '']): Block => ({ file, language, text }),
);

const steps = blocks.flatMap((block, index) => {
  const next = blocks[index + 1];
  const printed = next?.language === 'text' ? next.text.trimEnd().split('\n') : [];
  return block.file !== undefined || block.language === 'sh' ? [{ ...block, printed }] : [];
});

/** Our own commands of a block, each with its words and the exit code that the page names. */
function commandsIn(text: string) {
  const lines = text.split('\n').filter((line) => line.startsWith('purgeproof '));
  return lines.map((line) => {
    const [, command = '', code = '0'] = /^purgeproof (.*?)(?: +# exit (\d))?$/u.exec(line) ?? [];
    const words = Array.from(
      command.matchAll(/"([^"]*)"|(\S+)/gu),
      ([, quoted, bare]) => quoted ?? bare ?? '',
    );
    return { words, code: Number(code) };
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

/** The inputs of the step that is purgeproof, as the runner hands them to the action. */
function inputsOfAction(): Readonly<Record<string, string>> {
  const { jobs } = parse(readFileSync(join(cwd, '.github/workflows/key-vaults.yml'), 'utf8'));
  const actions: readonly { uses?: string; with?: Readonly<Record<string, string>> }[] = jobs.scan.steps;
  const inputs = actions.find(({ uses }) => uses?.startsWith('purgeproof/purgeproof@'))?.with ?? {};
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

// One after the other, in one folder: each step goes on from what those before it have left.
test.each(steps.map((step, index) => ({ step, index })))('step $index of the tutorial', async ({ step }) => {
  if (step.file !== undefined) {
    write(step.file, step.text);
    return;
  }
  let printed = '';
  for (const { words, code } of commandsIn(step.text)) {
    const outcome = await run(words, { cwd });
    expect({ words, code: outcome.code }).toEqual({ words, code });
    printed += outcome.stdout;
  }
  const lines = printed.split('\n');
  expect(lines).toEqual(expect.arrayContaining([...step.printed]));
});

test('something of each kind was done', () => {
  const commands = steps.flatMap(({ file, text }) => (file === undefined ? commandsIn(text) : []));
  expect(commands.map(({ words }) => words.slice(0, 2).join(' '))).toEqual([
    'rules new',
    'rules check',
    'rules test',
    'rules test',
    'rules test',
    'scan --source',
    'scan --source',
  ]);
  expect(steps.filter(({ file }) => file !== undefined)).toHaveLength(6);
  expect(steps.flatMap(({ printed }) => printed).length).toBeGreaterThan(10);
});

test('the workflow passes at the end, and names the line of a vault that keeps things too briefly', async () => {
  const clean = await record(inputsOfAction(), cwd);
  expect(clean.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  expect(clean).toMatchObject({ code: 0, outputs: { complete: 'true', findings: '0' } });
  write('main.bicep', readFileSync(join(cwd, 'main.bicep'), 'utf8').replace('InDays: 60', 'InDays: 30'));
  const { code, annotations } = await record(inputsOfAction(), cwd);
  expect(code).toBe(1);
  expect(annotations).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        at: expect.objectContaining({ file: 'main.bicep', line: 11 }),
        title: expect.stringContaining('ORG001'),
      }),
    ]),
  );
});
