import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a package.json that say what a package is. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The notices of the packages that a bundle holds code of: name, version, licence and the licence's text, which stands once
 * below all packages that have the same. `bundled` are the paths of its modules below the folder `root`. Throws where a
 * package has no text, since it may not be given on then.
 */
export function thirdPartyNotices(bundled: readonly string[], root: string): string {
  const headsOf = new Map<string, readonly string[]>();
  for (const folder of packageFolders(bundled)) {
    const { head, text } = noticeOf(join(root, folder));
    headsOf.set(text, [...(headsOf.get(text) ?? []), head]);
  }
  const notices = Array.from(headsOf, ([text, heads]) => `${heads.join('\n')}\n\n${text}\n`);
  return [header, ...notices].join(`\n${rule}\n`);
}

const header = 'purgeproof is bundled with the following third-party software.\n';
const rule = '-'.repeat(100);

/** The innermost folders of packages that files stand in, each once. */
export function packageFolders(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []);
  return [...new Set(folders)].toSorted();
}

function noticeOf(folder: string): { readonly head: string; readonly text: string } {
  const { name, version, license }: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${name} ${version} has no file with its licence`);
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { head: `${name} ${version} (${license})`, text: texts.join('\n\n').replaceAll('\r\n', '\n') };
}
