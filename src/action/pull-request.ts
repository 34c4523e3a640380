import { readFile } from 'node:fs/promises';
import { UsageError } from '../model/errors.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson } from '../model/json.ts';
import type { BaseCommit } from '../model/target.ts';
import { markdownText } from '../reporters/text/markdown.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import type { Annotation } from './runner.ts';
import type { ActionWorld } from './world.ts';

/** The commit that a checkout is compared with, or the reason why there is none and everything counts. */
export interface ComparedCommit {
  readonly commit?: BaseCommit;
  readonly everything?: Annotation;
}

/** The commits of a pull request, or of a group of them in a merge queue. */
interface PullRequest {
  /** The branch that it is to be merged into. */
  readonly branch: string;
  /** The last commit of that branch, as the event knows it. */
  readonly base: string;
  /** Its own last commit. */
  readonly head: string;
}

/**
 * Finds the commit before the changes of the pull request that this run is for. Throws `UsageError` where the checkout is not
 * known to have them: to judge other code would be a false green. Where the commit cannot be had, everything counts.
 */
export async function commitBefore(world: ActionWorld, folder: string): Promise<ComparedCommit> {
  const { env } = world;
  const event = await eventOf(env['GITHUB_EVENT_PATH']);
  const pull = event && pullRequestIn(event);
  if (pull === undefined) {
    const name = env['GITHUB_EVENT_NAME'] || 'no event';
    return everything('notice', `This run is for ${name}, not for a pull request.`);
  }
  const { commitToCompare, headCommit, isBefore } = await import('../files/checkout/git.ts');
  const { id, parents } = await headCommit(folder);
  // The merge that GitHub makes: all that it changes in the branch is what the pull request does.
  const isMerge = parents.length === 2 && parents[1] === pull.head;
  if (!isMerge && id !== pull.head && !(await isBefore(folder, pull.head, id)))
    throw new UsageError(
      `The checkout is at ${id}, which is not known to have the changes of the pull request (${pull.head}).`,
      `Check out what the event pull_request gives by default, with fetch-depth: 2; the event ${env['GITHUB_EVENT_NAME'] ?? ''} may give the base branch.`,
    );
  try {
    return { commit: await commitToCompare(folder, isMerge ? (parents[0] ?? '') : pull.base, pull.branch) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const depth = isMerge ? '2' : '0';
    return everything(
      'warning',
      `${error.message} Set fetch-depth: ${depth} in the step actions/checkout to have what the pull request changes told apart.`,
    );
  }
}

function everything(level: 'notice' | 'warning', why: string): ComparedCommit {
  const message = terminalText(`${why} All findings count, those that were there before, too.`);
  return { everything: { level, title: 'Everything counts', message } };
}

async function eventOf(path: string | undefined): Promise<JsonObject | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    const event = parseJson(await readFile(path, 'utf8'));
    return isJsonObject(event) ? event : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The event of this run cannot be read: ${why}.`,
      'GITHUB_EVENT_PATH names its file.',
    );
  }
}

/** Source: https://docs.github.com/webhooks/webhook-events-and-payloads, pull_request and merge_group. */
function pullRequestIn(event: JsonObject): PullRequest | undefined {
  const [base, head] = ['base', 'head'].map((side) => objectAt(objectAt(event, 'pull_request'), side));
  const group = objectAt(event, 'merge_group');
  const [branch, ...commits] = [
    base?.['ref'] ?? group['base_ref'],
    base?.['sha'] ?? group['base_sha'],
    head?.['sha'] ?? group['head_sha'],
  ].map((value) => (typeof value === 'string' ? value : ''));
  if (!commits.every((id) => /^[\da-f]{40}(?:[\da-f]{24})?$/.test(id))) return undefined;
  return {
    branch: (branch ?? '').replace(/^refs\/heads\//, ''),
    base: commits[0] ?? '',
    head: commits[1] ?? '',
  };
}

/** The beginning of a job summary that has to be read with care; empty where there is none. */
export function summaryAlert(annotation: Annotation | undefined): string {
  if (annotation === undefined) return '';
  const kind = annotation.level === 'notice' ? 'NOTE' : 'WARNING';
  return `> [!${kind}]\n> **${annotation.title}.** ${markdownText(annotation.message)}\n\n`;
}
