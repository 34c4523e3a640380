import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runnableCommands } from '../cli/commands.ts';
import { page, root } from './pages.ts';

const commands = await runnableCommands();
const flags = new Set([...commands.values()].flatMap(({ options }) => options.map(({ long }) => long ?? '')));
const ours = new Set([...flags, '--help', '--version']);
const { version } = JSON.parse(page('package.json'));

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'action.yml',
  ...below('docs', '.md'),
  ...below('policies', '.yaml'),
];
/** A style sheet has names of its own that begin with two dashes. */
const sources = below('src', '.ts').filter((path) => !path.endsWith('/page-assets.ts'));
const texts = [...pages, ...sources].map((path) => [path, page(path)] as const);

function below(folder: string, ending: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`);
}

/** What a sentence about purgeproof goes on with; none of these is a command. */
const prose = new Set(
  (
    'and are cannot configuration does failed from itself judges knows may needs never reads remediator report rule ' +
    'scanner stores then'
  ).split(' '),
);

/** The words that follow the name of the program, wherever it could be a command. */
function calls(text: string): readonly (readonly [first: string, second: string, third: string])[] {
  const found = text.matchAll(
    /\bpurgeproof(?:@\d[\w.-]*)? ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?(?: ([a-z][a-z-]*))?/gu,
  );
  return Array.from(found, ([, first = '', second = '', third = '']) => [first, second, third]);
}

/** The command that some words name: the last ones may be arguments, or go on with a sentence. */
function isCommand(first: string, second = '', third = ''): boolean {
  const words = [first, `${first} ${second}`, `${first} ${second} ${third}`];
  const names = [...commands.keys()];
  if (words.some((each) => names.includes(each))) return true;
  const group = [first, second, third].filter((word) => word !== '').join(' ');
  return names.some((name) => name.startsWith(`${group} `));
}

test('every command that the documentation and the messages name exists', () => {
  const named = texts.flatMap(([path, text]) => calls(text).map((words) => ({ path, words })));
  const unknown = named.filter(
    ({ words: [first, second, third] }) => !prose.has(first) && !isCommand(first, second, third),
  );
  expect(unknown).toEqual([]);
});

test('no word of prose has become a command', () => {
  expect([...prose].filter((word) => isCommand(word))).toEqual([]);
});

/** Flags of other programs: az, gh, git, npm, node. */
const foreign = new Set(
  (
    '--assignee --assignee-object-id --certificate-permissions --custom-role-only --key-permissions --object-id --body --enable-purge-protection --enable-soft-delete --first --global --hsm-name --id --ids --ignore-scripts --method --name --resource --resource-group --role --role-definition --scope ' +
    '--repo --save-dev --secret-permissions --set --skip-token --template-file --tenant --url --heap-growing-percent --interrupt-budget ' +
    '--add --batch --filter --is-ancestor --is-shallow-repository --no-pager --quiet --unshallow --verify'
  ).split(' '),
);

test('every flag that they name exists', () => {
  const named = texts.flatMap(([path, text]) =>
    // A table of what people type from other programs begins its lines with their flags.
    Array.from(text.replaceAll(/^ *'-[\w-]+':/gmu, '').matchAll(/(?<![\w-])--[a-z][a-z-]*/gu), ([flag]) => ({
      path,
      flag,
    })),
  );
  expect(named.filter(({ flag }) => !ours.has(flag) && !foreign.has(flag))).toEqual([]);
});

test('every version of purgeproof that they name is that of this package', () => {
  const named = texts.flatMap(([path, text]) =>
    Array.from(text.matchAll(/purgeproof@v?(\d[\w.-]*)/gu), ([, of]) => ({ path, of })),
  );
  expect(named.filter(({ of }) => of !== version)).toEqual([]);
});

test('something of each is checked', () => {
  const text = texts.map(([, each]) => each).join('\n');
  expect(calls(text).length).toBeGreaterThan(20);
  expect(text).toMatch(/purgeproof@\d/u);
});
