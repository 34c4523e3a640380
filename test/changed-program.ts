import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { run } from './cli/run.ts';

const root = join(import.meta.dirname, '..');

/** A copy of the program with other files in place of its own, as an engineer would change it. */
export interface ChangedProgram {
  /** `run` of `test/cli/run.ts`, over the copy. */
  readonly run: typeof run;
  /** Deletes the copy. */
  readonly remove: () => void;
}

/** Copies the program, changes files of it, and loads it. A path is relative to the repository; its file may be new. */
export async function changedProgram(
  changes: Readonly<Record<string, (text: string) => string>>,
): Promise<ChangedProgram> {
  const copy = mkdtempSync(join(tmpdir(), 'purgeproof-changed-'));
  for (const part of ['src', 'schemas', 'policies', 'package.json', 'test/cli/run.ts']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  for (const [path, change] of Object.entries(changes)) {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, change(readIfThere(file)));
  }
  const changed: { readonly run: typeof run } = await import(join(copy, 'test/cli/run.ts'));
  return { run: changed.run, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
