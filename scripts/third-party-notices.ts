import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The notices of the packages that a bundle holds code of: name, version, licence and the licence's text. `root` is the
 * folder that the paths of the metafile start from. Throws where a package has no text, since it may not be given on then.
 */
export function thirdPartyNotices({ outputs }: Metafile, root: string): string {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const bundled = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const folders = new Set(bundled.flatMap(packageFolder));
  return [header, ...[...folders].toSorted().map((folder) => noticeOf(join(root, folder)))].join(
    `\n${rule}\n`,
  );
}

const header = 'purgeproof is bundled with the following third-party software.\n';
const rule = '-'.repeat(100);

/** The innermost folder of a package that a file stands in. */
function packageFolder(path: string): readonly string[] {
  const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path);
  return found === null ? [] : [found[0]];
}

function noticeOf(folder: string): string {
  const { name, version, license }: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${name} ${version} has no file with its licence`);
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${name} ${version} (${license})\n\n${texts.join('\n\n').replaceAll('\r\n', '\n')}\n`;
}
