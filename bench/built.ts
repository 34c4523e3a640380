import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../scripts/bundle.ts';
import { folder } from './scanner.ts';

/** Modules of the program that are measured by themselves. */
const names = [
  'access/authorization-rows',
  'access/vault-access',
  'reporters/scan/formats',
  'reporters/scan/html',
  'rules/evaluate',
  'rules/rule-help',
  'sources/rows/resource',
  'usecases/scan',
] as const;

let bundled: Promise<string> | undefined;

/** The folder of these modules, built as the program is: of the program itself the parts are not to be had. */
function builtFolder(): Promise<string> {
  bundled ??= bundleModules();
  return bundled;
}

async function bundleModules(): Promise<string> {
  const outdir = join(folder, 'built');
  const entryPoints = Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
  await bundle({ entryPoints, outdir, extension: '.mjs' });
  return outdir;
}

/** A module of the program, built: what users run is measured, not what a loader makes of the sources. */
export async function built<Module>(name: (typeof names)[number]): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(await builtFolder(), `${name}.mjs`)).href);
  return module;
}
