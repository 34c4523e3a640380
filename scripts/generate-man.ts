import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { loadProgram } from '../src/cli/main.ts';
import { withStatusLine } from '../src/cli/status-line.ts';
import { manPage } from './man-page.ts';

const root = join(import.meta.dirname, '..');
const nowhere = { isTTY: false, columns: 0, write: async (): Promise<void> => undefined };

/** The manual page of the package: the commands and flags of the program itself. */
export async function manPages(): Promise<ReadonlyMap<string, string>> {
  const program = await loadProgram({
    world: {
      argv: [],
      env: {},
      cwd: root,
      stdin: async () => new Uint8Array(),
      ...withStatusLine({ stdout: nowhere, stderr: nowhere }),
      now: () => new Date(0),
      signal: new AbortController().signal,
      temporary: root,
      written: [],
      packageRoot: root,
    },
    tool: { name: packageJson.name, version: packageJson.version },
    azure: {},
    finish: () => undefined,
    onSignedIn: () => undefined,
  });
  return new Map([['man/purgeproof.1', manPage(program, packageJson.version)]]);
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await manPages()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
