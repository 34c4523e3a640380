import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './scanner.ts';

/** A module of the built program: what users run is measured, not what a loader makes of the sources. */
export async function built<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(root, 'dist', path)).href);
  return module;
}
