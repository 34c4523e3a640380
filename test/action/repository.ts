import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files of a commit by their paths; `undefined` deletes one. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A pull request on a server, as git sees it. */
export interface Pull {
  /** The repository on the server. */
  readonly origin: string;
  readonly base: string;
  readonly head: string;
  /** `refs/pull/7/merge`. */
  readonly merge: string;
}

/** Runs git without the configuration of this machine. Returns what it prints. */
export function git(folder: string, ...argv: readonly string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: '2026-11-20T08:00:00Z',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_COMMITTER_DATE: '2026-11-20T08:00:00Z',
  };
  return execFileSync('git', argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim();
}

/** Makes a folder whose name has a space. */
export function folder(name: string): string {
  return mkdtempSync(join(tmpdir(), `purgeproof ${name}-`));
}

/** Writes files and commits them. Returns the commit. */
export function commit(repository: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    const full = join(repository, path);
    mkdirSync(dirname(full), { recursive: true });
    if (text === undefined) rmSync(full);
    else writeFileSync(full, text);
  }
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--allow-empty', '--message', 'change');
  return git(repository, 'rev-parse', 'HEAD');
}

/** A repository with `before` on main, a pull request of `change`, and what has come to main `meanwhile`. */
export function pullRequest(before: Files, change: Files, meanwhile?: Files): Pull {
  const origin = folder('origin');
  git(origin, 'init', '--quiet', '--initial-branch=main');
  commit(origin, before);
  git(origin, 'checkout', '--quiet', '-b', 'feature');
  const head = commit(origin, change);
  git(origin, 'checkout', '--quiet', 'main');
  const base = meanwhile === undefined ? git(origin, 'rev-parse', 'main') : commit(origin, meanwhile);
  git(origin, 'checkout', '--quiet', '--detach');
  git(origin, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'feature');
  git(origin, 'update-ref', 'refs/pull/7/merge', 'HEAD');
  git(origin, 'update-ref', 'refs/pull/7/head', head);
  return { origin, base, head, merge: git(origin, 'rev-parse', 'HEAD') };
}

/**
 * Checks out a ref as actions/checkout does: it fetches this ref alone, down to a depth, and checks out a detached commit. Depth 0
 * is the whole history with all branches. Source: actions/checkout, src/git-source-provider.ts and src/ref-helper.ts.
 */
export function checkoutAs({ origin }: Pull, ref: string, depth: number): string {
  const workspace = folder('workspace');
  git(workspace, 'init', '--quiet', '--initial-branch=main');
  git(workspace, 'remote', 'add', 'origin', pathToFileURL(origin).href);
  const target = 'refs/remotes/pull/7/merge';
  const shallow = depth === 0 ? [] : [`--depth=${depth}`];
  const branches = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [];
  git(workspace, 'fetch', '--quiet', '--no-tags', ...shallow, 'origin', ...branches, `+${ref}:${target}`);
  git(workspace, 'checkout', '--quiet', '--force', '--detach', target);
  return workspace;
}

/** The environment of a run for a pull request; the event is in a file of its own. */
export function eventOf(pull: Pull, name = 'pull_request'): Readonly<Record<string, string>> {
  const file = join(folder('event'), 'event.json');
  const payload =
    name === 'merge_group'
      ? { merge_group: { base_sha: pull.base, base_ref: 'refs/heads/main', head_sha: pull.head } }
      : { pull_request: { base: { ref: 'main', sha: pull.base }, head: { ref: 'feature', sha: pull.head } } };
  writeFileSync(file, JSON.stringify({ action: 'synchronize', number: 7, ...payload }));
  return {
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: file,
    GITHUB_BASE_REF: 'main',
    GITHUB_REF: 'refs/pull/7/merge',
  };
}

/** A vault that every rule passes but for what is left out, in Bicep. */
export function declaredVault(
  name: string,
  properties: readonly string[] = ['enablePurgeProtection: true'],
): string {
  return `resource ${name} 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${name}'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    publicNetworkAccess: 'Disabled'
${properties.map((line) => `    ${line}\n`).join('')}  }
}
`;
}
