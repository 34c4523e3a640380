import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { record } from './recording.ts';
import {
  checkoutAs,
  commit,
  declaredVault as vault,
  eventOf,
  folder,
  git,
  pullRequest,
} from './repository.ts';

const inputs = { INPUT_SOURCE: '.', INPUT_CHANGED_ONLY: 'true' };
const base = {
  'infra/orders.bicep': vault('orders'),
  'infra/legacy.bicep': vault('legacy', []),
};

/** The annotations of findings, as `level file:line rule`. */
function lines({ annotations }: Awaited<ReturnType<typeof record>>): readonly string[] {
  return annotations
    .filter(({ title }) => /^AKV\d/.test(title))
    .map(({ level, title, at }) => `${level} ${at?.file}:${at?.line} ${title.split(' ')[0]}`);
}

test('of the merge that GitHub makes, with fetch-depth 2, only what the pull request changes counts', async () => {
  const change = { 'infra/orders.bicep': vault('orders', ['enablePurgeProtection: false']) };
  const pull = pullRequest(base, change);
  const workspace = checkoutAs(pull, 'refs/pull/7/merge', 2);
  const ran = await record({ ...inputs, ...eventOf(pull) }, workspace);
  expect(ran.code).toBe(1);
  expect(lines(ran)).toEqual(['error infra/orders.bicep:9 AKV002']);
  expect(ran.outputs).toMatchObject({ complete: 'true', findings: '2', 'exit-code': '1' });
  expect(ran.annotations[0]?.message).toContain(
    `1 finding in what has changed since main (${pull.base.slice(0, 12)}), on 1 of 2 vaults; 1 finding was there before.`,
  );
  expect(ran.summary).toContain('kv-orders');
  expect(ran.summary).not.toContain('kv-legacy');
  expect(ran.summary).toContain('Not listed: 1 finding in code that has not changed.');
  const report = JSON.parse(readFileSync(join(workspace, 'purgeproof.json'), 'utf8'));
  expect(report.findings.map((one: { baselineState: string }) => one.baselineState).toSorted()).toEqual([
    'new',
    'unchanged',
  ]);
  expect(report.baseline).toMatchObject({
    file: `main (${pull.base.slice(0, 12)})`,
    finishedAt: '2026-11-20T08:00:00.000Z',
    code: { commit: pull.base, touched: [] },
  });
});

test('a pull request that leaves faults alone passes, and they are counted', async () => {
  const pull = pullRequest(base, {
    'README.md': 'Hello',
    'infra/legacy.bicep': `// note\n${vault('legacy', [])}`,
  });
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(0);
  expect(lines(ran)).toEqual([]);
  expect(ran.annotations).toEqual([
    expect.objectContaining({ level: 'notice', title: 'Findings that were there before' }),
  ]);
  expect(ran.outputs['findings']).toBe('1');
});

test.for<[string, Record<string, string | undefined>, string]>([
  [
    'that was there before counts on a vault that changes otherwise',
    { 'infra/legacy.bicep': vault('legacy', ['enabledForDeployment: true']) },
    'infra/legacy.bicep',
  ],
  ['of a line that is deleted counts', { 'infra/orders.bicep': vault('orders', []) }, 'infra/orders.bicep'],
  ['of a new file counts', { 'infra/new.bicep': vault('new', []) }, 'infra/new.bicep'],
  [
    'of a file that is moved counts',
    { 'infra/legacy.bicep': undefined, 'infra/moved.bicep': vault('legacy', []) },
    'infra/moved.bicep',
  ],
])('a fault %s', async ([, change, file]) => {
  const pull = pullRequest(base, change);
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(1);
  expect(lines(ran)).toEqual([expect.stringMatching(new RegExp(`^error ${file}:\\d+ AKV002$`))]);
});

test('a value that another file gives counts where it decides', async () => {
  const before = {
    'infra/main.bicep': `param purge bool\n${vault('orders', ['enablePurgeProtection: purge'])}`,
    'infra/main.bicepparam': "using 'main.bicep'\nparam purge = true\n",
    'infra/legacy.bicep': vault('legacy', []),
  };
  const pull = pullRequest(before, { 'infra/main.bicepparam': "using 'main.bicep'\nparam purge = false\n" });
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(1);
  expect(lines(ran)).toEqual(['error infra/main.bicepparam:2 AKV002']);
});

test('what came to the branch meanwhile is not the fault of the pull request', async () => {
  const meanwhile = { 'infra/other.bicep': vault('other', []) };
  const pull = pullRequest(base, { 'infra/new.bicep': vault('new', []) }, meanwhile);
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(lines(ran)).toEqual(['error infra/new.bicep:1 AKV002']);
  expect(ran.outputs['findings']).toBe('3');
});

test('its own last commit may be checked out, with the whole history', async () => {
  const meanwhile = { 'infra/legacy.bicep': vault('legacy') };
  const pull = pullRequest(base, { 'infra/new.bicep': vault('new', []) }, meanwhile);
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/head', 0));
  // main has mended legacy since; the branch has not touched it.
  expect(lines(ran)).toEqual(['error infra/new.bicep:1 AKV002']);
});

test.for<[string, string, string]>([
  ['refs/pull/7/merge', 'of the merge', '2'],
  ['refs/pull/7/head', 'of the last commit', '0'],
])('with fetch-depth 1 %s everything counts, and that is said', async ([ref, , depth]) => {
  const pull = pullRequest(base, { 'README.md': 'Hello' });
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, ref, 1));
  expect(ran.code).toBe(1);
  expect(lines(ran)).toEqual(['error infra/legacy.bicep:1 AKV002']);
  expect(ran.annotations[0]).toMatchObject({ level: 'warning', title: 'Everything counts' });
  expect(ran.annotations[0]?.message).toContain(`Set fetch-depth: ${depth} in the step actions/checkout`);
  expect(ran.summary).toMatch(/^> \[!WARNING\]\n> \*\*Everything counts\.\*\*/);
});

test.for<[string, Record<string, string>]>([
  ['a schedule', { GITHUB_EVENT_NAME: 'schedule' }],
  ['a push', { GITHUB_EVENT_NAME: 'push' }],
])('of %s everything counts, and that is said', async ([, env]) => {
  const pull = pullRequest(base, { 'README.md': 'Hello' });
  const ran = await record({ ...inputs, ...env }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(1);
  expect(lines(ran)).toEqual(['error infra/legacy.bicep:1 AKV002']);
  expect(ran.annotations[0]).toMatchObject({ level: 'notice', title: 'Everything counts' });
});

test('a merge queue is compared with the branch below it', async () => {
  const pull = pullRequest(base, { 'infra/new.bicep': vault('new', []) });
  const queued = { ...pull, head: pull.merge };
  const ran = await record(
    { ...inputs, ...eventOf(queued, 'merge_group') },
    checkoutAs(pull, 'refs/pull/7/merge', 2),
  );
  expect(lines(ran)).toEqual(['error infra/new.bicep:1 AKV002']);
});

test('a checkout that has not the changes of the pull request is refused: to judge it would be a false green', async () => {
  const clean = { 'infra/orders.bicep': vault('orders') };
  const pull = pullRequest(clean, { 'infra/orders.bicep': vault('orders', []) });
  const workspace = checkoutAs(pull, 'refs/heads/main', 0);
  const ran = await record({ ...inputs, ...eventOf(pull, 'pull_request_target') }, workspace);
  expect(ran.code).toBe(2);
  expect(ran.annotations[0]?.message).toContain('not known to have the changes of the pull request');
  expect(ran.summary).toContain('The scan did not run');
});

test('what is not known in what has changed is shown on its line, and fails nothing', async () => {
  const unknown = `param purge bool\n${vault('new', ['enablePurgeProtection: purge'])}`;
  const pull = pullRequest(
    { 'infra/old.bicep': unknown.replaceAll('new', 'old') },
    { 'infra/new.bicep': unknown },
  );
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(0);
  expect(lines(ran)).toEqual(['notice infra/new.bicep:10 AKV002']);
  expect(ran.outputs).toMatchObject({ complete: 'true', 'highest-severity': 'unknown' });
});

test('what is not understood makes the scan incomplete, on its line', async () => {
  const pull = pullRequest(base, { 'infra/new.bicep': `${vault('new')}resource {\n` });
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.code).toBe(3);
  const gap = ran.annotations.find(({ title }) => title.startsWith('Not read'));
  expect(gap).toMatchObject({ level: 'error', at: { file: 'infra/new.bicep', line: 12 } });
});

test('names of files are text, whatever is in them', async () => {
  const names = [
    'infra/-rf.bicep',
    'infra/a b.bicep',
    'infra/$(touch x).bicep',
    'infra/line\nbreak.bicep',
    'infra/ü.bicep',
    'infra/"q".bicep',
    'infra/:(top).bicep',
  ];
  const before = Object.fromEntries(names.map((name, index) => [name, vault(`old${index}`, [])]));
  const pull = pullRequest(before, { 'infra/::error::x.bicep': vault('new', []) });
  const ran = await record({ ...inputs, ...eventOf(pull) }, checkoutAs(pull, 'refs/pull/7/merge', 2));
  expect(ran.outputs['findings']).toBe(String(names.length + 1));
  expect(ran.annotations.filter(({ title }) => title.startsWith('AKV'))).toHaveLength(1);
  for (const line of [...ran.log, ...ran.annotations.map(({ message }) => message)])
    expect(line).not.toMatch(/^\s*::/);
});

test('nothing that the configuration of the checkout names is run', async () => {
  const pull = pullRequest(base, {
    '.gitattributes': '* filter=evil diff=evil\n',
    'infra/new.bicep': vault('new', []),
  });
  const workspace = checkoutAs(pull, 'refs/pull/7/merge', 2);
  const trap = join(folder('trap'), 'trap');
  const sprung = `${trap}.sprung`;
  writeFileSync(trap, `#!/bin/sh\ntouch '${sprung}'\ncat\n`);
  chmodSync(trap, 0o755);
  const command = `'${trap}'`;
  for (const key of [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'diff.external',
    'filter.evil.clean',
    'filter.evil.smudge',
    'diff.evil.textconv',
    'diff.evil.command',
    'alias.cat-file',
    'alias.ls-tree',
    'credential.helper',
    'remote.origin.uploadpack',
  ])
    git(workspace, 'config', key, key.startsWith('alias') ? `!${command}` : command);
  git(workspace, 'config', 'remote.origin.promisor', 'true');
  git(workspace, 'config', 'extensions.partialClone', 'origin');
  git(workspace, 'config', 'core.repositoryFormatVersion', '1');
  const ran = await record({ ...inputs, ...eventOf(pull) }, workspace);
  expect(lines(ran)).toEqual(['error infra/new.bicep:1 AKV002']);
  expect(existsSync(sprung)).toBe(false);
  // The trap is one: git itself springs it.
  git(workspace, 'diff', 'HEAD~1');
  expect(existsSync(sprung)).toBe(true);
});

test('files that a partial clone lacks are not fetched, and the scan is refused', async () => {
  const pull = pullRequest(base, { 'infra/legacy.bicep': vault('legacy', ['enabledForDeployment: true']) });
  git(pull.origin, 'config', 'uploadpack.allowFilter', 'true');
  const workspace = folder('partial');
  git(workspace, 'init', '--quiet');
  git(workspace, 'remote', 'add', 'origin', `file://${pull.origin}`);
  git(
    workspace,
    'fetch',
    '--quiet',
    '--depth=2',
    '--filter=blob:none',
    'origin',
    '+refs/pull/7/merge:refs/remotes/pull/7/merge',
  );
  git(workspace, 'checkout', '--quiet', '--detach', 'refs/remotes/pull/7/merge');
  const ran = await record({ ...inputs, ...eventOf(pull) }, workspace);
  expect(ran.code).toBe(2);
  expect(ran.annotations[0]?.message).toContain('does not have all files of the commit');
});

test('changed-only needs source, and no other baseline', async () => {
  const workspace = folder('inputs');
  writeFileSync(join(workspace, 'known.json'), '{}');
  git(workspace, 'init', '--quiet');
  commit(workspace, {});
  const ran = await record({ INPUT_CHANGED_ONLY: 'true', INPUT_BASELINE: 'known.json' }, workspace);
  expect(ran.code).toBe(2);
  expect(ran.annotations.map(({ title }) => title)).toEqual(['Input changed-only', 'Input changed-only']);
});
