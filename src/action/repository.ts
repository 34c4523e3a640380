import type { Repository } from '../reporters/scan/format.ts';

/**
 * The revision whose lines the anchors name, as the runner knows it; `undefined` where it does not. It changes with
 * the commit only: two scans of one commit tell the same.
 */
export function repositoryOf(env: Readonly<Record<string, string | undefined>>): Repository | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: revision } = env;
  if (!server || !name || !revision) return undefined;
  const branch = /^refs\/heads\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1];
  return { uri: `${server}/${name}`, revision, ...(branch === undefined ? {} : { branch }) };
}
