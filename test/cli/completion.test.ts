import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runnableCommands } from './commands.ts';
import { packageRoot, run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'purgeproof-completion-'));
const cwd = join(packageRoot, 'test/fixtures/cli');

async function script(shell: string): Promise<string> {
  const { code, stdout, stderr } = await run(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const path = join(folder, `purgeproof.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

/** Asks the shell for each command line on a line of its own, and returns the words that it offers, sorted. */
type Ask = (lines: readonly string[]) => readonly (readonly string[])[];

function answers(shell: string, argv: readonly string[], lines: readonly string[]): ReturnType<Ask> {
  const input = lines.map((line) => `${line}\n`).join('');
  const printed = execFileSync(shell, argv, { cwd, input, encoding: 'utf8' });
  const answer = printed.split('@@@\n').slice(0, -1);
  expect(answer).toHaveLength(lines.length);
  return answer.map((text) => [...new Set(text.split('\n').filter((word) => word !== ''))].toSorted());
}

/** Bash breaks words at `=`, which its interactive reader does before it calls the function. */
const askBash = `source "$1"
while IFS= read -r line; do
  read -r -a COMP_WORDS <<< "\${line//=/ = }"
  [[ $line == *[\\ ] ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _purgeproof
  printf '%s\\n' "\${COMPREPLY[@]}" @@@
done`;

/** Completion functions of zsh run within its line editor only, so that its built-in ones are played here. */
const askZsh = `compdef() { : }
compset() {
  [[ $2 == 1 ]] && shift
  [[ $PREFIX == \${~2}* ]] || return 1
  [[ $2 == '*=' ]] && PREFIX=\${PREFIX#*=} || PREFIX=\${PREFIX##*,}
}
_files() { print -l -- \${PREFIX}*(N) }
_describe() {
  [[ $1 == -o ]] && shift
  local each
  for each in \${(P)2}; do [[ \${each%%:*} == $PREFIX* ]] && print -r -- \${each%%:*}; done
}
source "$1"
while IFS= read -r line; do
  words=(\${(s: :)line})
  [[ $line == *' ' ]] && words+=('')
  CURRENT=$#words
  PREFIX=$words[CURRENT]
  _purgeproof
  print -r -- @@@
done`;

const askFish = `source $argv[1]
while read -l line
  complete -C "$line" | string replace -r '\\t.*' ''
  echo @@@
end`;

const shells: readonly (readonly [string, readonly string[]])[] = [
  ['bash', ['-c', askBash, 'bash']],
  ['zsh', ['-fc', askZsh, 'zsh']],
  ['fish', ['--no-config', '-c', askFish]],
];

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit']).status === 0;

describe.for(shells)('%s completes', ([shell, argv]) => {
  test.skipIf(!isInstalled(shell))('commands, flags, their values and paths', async () => {
    const path = await script(shell);
    const [flag, format] = shell === 'fish' ? ['--output=', 'json='] : ['', ''];
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['purgeproof sc', ['scan']],
      ['purgeproof rules ', ['check', 'export', 'help', 'kql', 'list', 'new', 'show', 'test']],
      ['purgeproof deleted objects re', ['recover']],
      ['purgeproof help comp', ['completion']],
      ['purgeproof completion ', ['bash', 'fish', 'zsh']],
      ['purgeproof scan --fail-on ', ['critical', 'high', 'low', 'medium']],
      ['purgeproof scan --quiet --output sarif', ['sarif', 'sarif-full']],
      ['purgeproof plan -o ', ['json', 'markdown', 'text']],
      ['purgeproof scan --output=ma', [`${flag}markdown`]],
      ['purgeproof scan --exclude-rule AKV00', [1, 2, 3, 4, 5, 6, 7].map((number) => `AKV00${number}`)],
      ['purgeproof rules show purge-p', ['purge-protection']],
      ['purgeproof scan --subscription ', []],
      ['purgeproof scan --subscription scan --summ', ['--summary']],
      ['purgeproof rules show --full', []],
      ['purgeproof apply --max-changes 3 vaults.j', ['vaults.json']],
      ['purgeproof scan --inventory vaults.j', ['vaults.json']],
      ['purgeproof scan --source own-r', ['own-rules']],
      ['purgeproof diff vaults.j', ['vaults.json']],
      ['purgeproof diff old.json vaults.j', ['vaults.json']],
      ['purgeproof trend own-r', ['own-rules']],
      ['purgeproof scan --output json=vaults.j', [`${format}vaults.json`]],
      ['purgeproof scan --output=json=vaults.j', [`${flag}${format}vaults.json`]],
    ];
    const offered = answers(
      shell,
      [...argv, path],
      cases.map(([line]) => line),
    );
    // Some shells mark a folder.
    const plain = offered.map((words) => words.map((word) => word.replace(/\/$/, '')));
    expect(cases.map(([line], index) => [line, plain[index]])).toEqual(cases);
  });

  test.skipIf(!isInstalled(shell))('the next of several words that commas separate', async () => {
    const [offered = []] = answers(
      shell,
      [...argv, await script(shell)],
      ['purgeproof scan --rule AKV001,AKV10'],
    );
    const whole = offered.map((word) => word.replace(/^AKV001,/, ''));
    expect(whole).toEqual(['AKV101', 'AKV102']);
  });

  test.skipIf(!isInstalled(shell))('every flag of every command', async () => {
    const commands = [...(await runnableCommands())];
    const lines = commands.map(([words]) => `purgeproof ${words} --`);
    const offered = answers(shell, [...argv, await script(shell)], lines);
    const flags = commands.map(([words, { options }]) => {
      const names = options.flatMap(({ long, hidden }) => (hidden || long === undefined ? [] : long));
      return [words, [...names, '--help'].toSorted()] as const;
    });
    expect(commands.map(([words], index) => [words, offered[index]])).toEqual(flags);
  });
});

/** Names of values that only the user or Azure knows. */
const freely =
  'commit date duration id ids key=value n name name=value name[=value] names pattern rule=id text value vault [id.]name=value [rule=]id'.split(
    ' ',
  );

test('every value is a word that is offered, a path, or known to nobody here', async () => {
  const offered = (await run(['completion', 'fish'])).stdout.split('\n');
  const untold = [...(await runnableCommands())].flatMap(([words, { options, registeredArguments }]) => {
    const flags = options.flatMap(({ long, flags: written, hidden, required }) => {
      const [, name = ''] = /<(.*)>/.exec(written) ?? [];
      if (hidden || !required || freely.includes(name)) return [];
      const lines = offered.filter((line) => line.includes(` -l ${long?.slice(2)} `) && isFor(line, words));
      return lines.some((line) => / -(?:F|a) /.test(line)) ? [] : `${words} ${written}`;
    });
    const nexts = registeredArguments.flatMap((argument) => {
      if (freely.includes(argument.name())) return [];
      const lines = offered.filter((line) => !line.includes(' -l ') && isFor(line, words));
      return lines.some((line) => / -(?:F|a)(?: |$)/.test(line)) ? [] : `${words} ${argument.name()}`;
    });
    return flags.concat(nexts);
  });
  expect(untold).toEqual([]);
});

/** True for a line of the script for fish that is about a command, among others maybe. */
function isFor(line: string, words: string): boolean {
  const [, named = ''] = /_is (.*?)' -/.exec(line) ?? [];
  return `${named} `.replaceAll("\\'", '').includes(`${words} `);
}

test('another shell is refused with those that there are', async () => {
  const { code, stdout, stderr } = await run(['completion', 'tcsh']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
});
