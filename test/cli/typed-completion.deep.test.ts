import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './run.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof typed-'));
  mkdirSync(join(cwd, 'my scans'));
  for (const name of ['old report.json', 'vaults.json']) writeFileSync(join(cwd, name), '');
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/**
 * Types each line and a tab into an interactive shell on a terminal of its own, then a key that prints what stands in its line
 * editor by then. Nothing waits for a time: keys are read in their order.
 */
const typist = `zmodload zsh/zpty
zpty shell "$@[2,-1]"
zpty -w shell "$1"
zpty -r -m shell seen '*@@ready@@*' || exit 1
while IFS= read -r line; do
  zpty -w -n shell "$line"$'\\t\\x18'
  zpty -r -m shell seen '*@@<*>@@*' || exit 1
  seen=\${seen##*@@<}
  print -r -- "\${seen%%>@@*}"
done
zpty -d shell`;

/** The commands that start a shell without the files of its user, that prepare it, and that bind the key. */
const shells: Readonly<Record<string, readonly [argv: string, setUp: string]>> = {
  bash: [
    'bash --norc --noprofile -i',
    `source ./script; bind 'set bell-style none'; shown() { printf '@@<%s>@@\\n' "$READLINE_LINE"; READLINE_LINE=''; }; bind -x '"\\C-x": shown'; echo @@rea''dy@@`,
  ],
  zsh: [
    'zsh -f -i',
    `autoload -U compinit; compinit -u -D; source ./script; shown() { print -r -- "@@<$BUFFER>@@"; BUFFER='' }; zle -N shown; bindkey '^X' shown; echo @@rea''dy@@`,
  ],
  fish: [
    'fish --no-config --interactive',
    `source ./script; bind \\cx 'echo "@@<"(commandline)">@@"; commandline ""'; echo @@rea''dy@@`,
  ],
};

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit']).status === 0;

describe.for(Object.entries(shells))('typed in %s', ([shell, [argv, setUp]]) => {
  test.skipIf(!isInstalled('zsh') || !isInstalled(shell))('a line is completed', async () => {
    writeFileSync(join(cwd, 'script'), (await run(['completion', shell])).stdout);
    const lines: readonly (readonly [typed: string, completed: string])[] = [
      ['purgeproof sc', 'purgeproof scan '],
      ['purgeproof exemptions ad', 'purgeproof exemptions add '],
      ['purgeproof rescan --ar', 'purgeproof rescan --archive '],
      ['purgeproof scan --output=ma', 'purgeproof scan --output=markdown '],
      ['purgeproof scan --output json=va', 'purgeproof scan --output json=vaults.json '],
      ['purgeproof scan --fail-on crit', 'purgeproof scan --fail-on critical '],
      ['purgeproof scan --inventory=va', 'purgeproof scan --inventory=vaults.json '],
      ['purgeproof diff vaults.json ol', 'purgeproof diff vaults.json old\\ report.json '],
      ['purgeproof trend my', 'purgeproof trend my\\ scans/'],
      ['purgeproof scan --rule AKV001,AKV30', 'purgeproof scan --rule AKV001,AKV30'],
    ];
    const input = lines.map(([typed]) => `${typed}\n`).join('');
    const printed = execFileSync('zsh', ['-fc', typist, 'typist', setUp, ...argv.split(' ')], {
      cwd,
      input,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'dumb', HOME: cwd },
    });
    expect(printed.split('\n').slice(0, -1)).toEqual(lines.map(([, completed]) => completed));
  });
});
