import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runnableCommands } from '../cli/commands.ts';
import { packageRoot } from '../cli/run.ts';

const page = readFileSync(join(packageRoot, 'man/purgeproof.1'), 'utf8');

test('the manual page has a section for each command, with each of its flags', async () => {
  const sections = new Map(
    page.split(/^(?=\.SS )/mu).map((section) => [/^\.SS "([^"<[]*)/u.exec(section)?.[1]?.trim(), section]),
  );
  const everywhere = page.slice(page.indexOf('.SH OPTIONS OF EVERY COMMAND'));
  for (const [words, command] of await runnableCommands()) {
    const section = sections.get(words.replaceAll('-', '\\-'));
    expect([words, section !== undefined]).toEqual([words, true]);
    for (const { flags } of command.options.filter(({ hidden }) => !hidden)) {
      const entry = `.B ${flags.replaceAll('-', '\\-')}\n`;
      expect([words, flags, `${section}${everywhere}`.includes(entry)]).toEqual([words, flags, true]);
    }
  }
});

test('it is plain ASCII in short lines, none of which is blank', () => {
  const lines = page.trimEnd().split('\n');
  expect(
    lines.filter((line) => /[^ -~]/u.test(line) || line.trim() === '' || line !== line.trimEnd()),
  ).toEqual([]);
});
