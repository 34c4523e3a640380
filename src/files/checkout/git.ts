import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { BaseCommit } from '../../model/target.ts';
import { checkoutOf } from './checkout.ts';

/** The end of a git command. */
interface GitAnswer {
  readonly code: number;
  readonly out: Buffer;
  /** The first line on standard error, without `fatal: `. */
  readonly said: string;
}

/**
 * Commands of git that only read objects. No configuration of the checkout starts a program: none of these commands has filters,
 * text conversions or pagers, hooks and file system monitors are turned off, and what a partial clone lacks is not fetched.
 * Source: git-config(1), gitattributes(5), git(1) on GIT_ALLOW_PROTOCOL and GIT_NO_LAZY_FETCH.
 */
const safe = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  `core.hooksPath=${devNull}`,
  '-c',
  'protocol.allow=never',
];

/** The environment of git: the folder alone names the repository, not the variables that git sets for its hooks. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG|EXEC_PATH$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

/** Runs a command of git that reads. Throws `UsageError` where there is no git, or it may not read the checkout. */
export async function git(root: string, argv: readonly string[], input = ''): Promise<GitAnswer> {
  const answer = await new Promise<GitAnswer>((resolve, reject) => {
    // Windows looks for a program in the working folder first: that must not be the checkout.
    const cwd = dirname(process.execPath);
    const child = spawn('git', [...safe, '-C', root, ...argv], {
      cwd,
      env: environment(),
      windowsHide: true,
    });
    const [out, said]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out?.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said?.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const [line = ''] = Buffer.concat(said ?? [])
        .toString('utf8')
        .split('\n');
      resolve({
        code: code ?? 1,
        out: Buffer.concat(out ?? []),
        said: line.replace(/^(?:fatal|error): /, ''),
      });
    });
    // A command that fails does not read what it is given; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }).catch((error: unknown) => {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is none' : String(error);
    throw new UsageError(`git could not be started: ${why}.`, 'Install git, and put it on the PATH.');
  });
  if (/dubious ownership|not a git repository/.test(answer.said))
    throw new UsageError(
      `git does not read this folder: ${answer.said}.`,
      'Check out the repository as the user who scans it, or trust it: git config --global --add safe.directory PATH',
    );
  return answer;
}

/** A commit and those that it is made from, also where a shallow checkout does not have them. */
export interface CommitParents {
  readonly id: string;
  readonly parents: readonly string[];
}

/** The commit that is checked out in the checkout of a folder. Throws `UsageError` where there is none. */
export async function headCommit(folder: string): Promise<CommitParents> {
  const root = await checkoutOf(folder);
  const id = await commitId(root, 'HEAD');
  if (id === undefined)
    throw new UsageError('The checkout has no commit.', 'Check out a branch or a commit.');
  const text = await textOfCommit(root, id);
  return { id, parents: Array.from(text.matchAll(/^parent ([\da-f]+)$/gm), ([, parent = '']) => parent) };
}

/** True where both commits are here, and the one is the other or comes before it. */
export async function isBefore(folder: string, one: string, other: string): Promise<boolean> {
  const root = await checkoutOf(folder);
  return (await git(root, ['merge-base', '--is-ancestor', one, other])).code === 0;
}

/**
 * The commit to compare the checkout of a folder with: where its history and that of a revision parted. `name` is what reports
 * call it. Throws `UsageError` where the revision or that commit is not in the checkout.
 */
export async function commitToCompare(
  folder: string,
  revision: string,
  name = revision,
): Promise<BaseCommit> {
  const root = await checkoutOf(folder);
  const wanted = await commitId(root, revision);
  const shallow =
    (await git(root, ['rev-parse', '--is-shallow-repository'])).out.toString().trim() === 'true';
  const more = shallow
    ? 'The checkout is shallow. Fetch more of its history: `git fetch --unshallow`'
    : 'Fetch it: `git fetch origin`';
  if (wanted === undefined) throw new UsageError(`The checkout has no commit ${name}.`, more);
  const { code, out } = await git(root, ['merge-base', wanted, 'HEAD']);
  const id = out.toString().trim();
  if (code !== 0 || id === '')
    throw new UsageError(
      `The checkout has no commit that it shares with ${name}.`,
      shallow ? more : 'Name a commit that the branch is made from.',
    );
  const seconds = /^committer .*> (\d+) /m.exec(await textOfCommit(root, id))?.[1];
  return { id, name, committedAt: new Date(Number(seconds ?? 0) * 1000).toISOString() };
}

async function commitId(root: string, revision: string): Promise<string | undefined> {
  // It would be a flag of git.
  if (revision.startsWith('-')) return undefined;
  const { code, out } = await git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  return code === 0 ? out.toString().trim() : undefined;
}

/** The text of a commit as it is stored: a shallow checkout hides nothing of it. */
async function textOfCommit(root: string, id: string): Promise<string> {
  const { out } = await git(root, ['cat-file', 'commit', id]);
  // The message may say anything.
  return out.toString('utf8').split('\n\n', 1).join('');
}
