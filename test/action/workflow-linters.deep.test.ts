import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../cli/run.ts';

/** A repository with the workflows of the project and of its documentation, and its action. */
let repository: string;
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'purgeproof-workflows-'));
  const workflows = join(repository, '.github/workflows');
  mkdirSync(workflows, { recursive: true });
  mkdirSync(join(repository, '.git'));
  cpSync(join(packageRoot, '.github/workflows'), workflows, { recursive: true });
  cpSync(join(packageRoot, 'action.yml'), join(repository, 'action.yml'));
  const page = ['docs/github-action.md', 'docs/tutorial.md']
    .map((path) => readFileSync(join(packageRoot, path), 'utf8'))
    .join('\n');
  for (const [index, [, yaml = '']] of Array.from(page.matchAll(/^```yaml\n(name: .*?)^```/gms)).entries()) {
    const pinned = yaml.replaceAll('<commit of the release>', '0123456789abcdef0123456789abcdef01234567');
    writeFileSync(join(workflows, `documented-${index}.yml`), pinned);
  }
});
afterAll(() => {
  rmSync(repository, { recursive: true, force: true });
});

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

function lint(program: string, argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd: repository, encoding: 'utf8' });
  return { status, said: `${stdout}${status === 0 ? '' : stderr}`.trim() };
}

test('the documented workflows are among them', () => {
  expect(readdirSync(join(repository, '.github/workflows')).length).toBeGreaterThanOrEqual(7);
});

test.skipIf(!has('actionlint'))('actionlint finds nothing in any workflow', () => {
  expect(lint('actionlint', ['-no-color'])).toEqual({ status: 0, said: '' });
});

test.skipIf(!has('zizmor'))('zizmor finds nothing in any workflow nor in the action', () => {
  const argv = ['--offline', '--no-progress', '--quiet', '--format=plain', '.'];
  expect(lint('zizmor', argv)).toMatchObject({ status: 0 });
});

test.skipIf(!has('zizmor'))('zizmor does look: a workflow that runs an input is found', () => {
  const path = join(repository, '.github/workflows/wrong.yml');
  writeFileSync(
    path,
    'on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n' +
      '      - run: echo "${{ github.event.issue.title }}"\n',
  );
  const { status } = lint('zizmor', ['--offline', '--no-progress', '--quiet', path]);
  rmSync(path);
  expect(status).not.toBe(0);
});
