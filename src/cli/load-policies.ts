import { dirname, join } from 'node:path';
import type { Config } from '../model/config.ts';
import type { Problem } from '../model/errors.ts';
import type { Exemption } from '../model/exemption.ts';
import type { Rule } from '../model/rule.ts';
import type { PolicyFile, PolicyFiles } from '../model/settings.ts';
import { loadConfig } from '../rules/load/config.ts';
import { loadExemptions } from '../rules/load/exemptions.ts';
import { loadRules } from '../rules/load/rules.ts';

/** Loads the built-in rules and the user's own; every mistake of every file comes at once. */
export async function readRules(
  files: PolicyFiles,
  { policies, defaultPolicies }: { policies: readonly string[]; defaultPolicies: boolean },
): Promise<{ readonly rules: readonly Rule[]; readonly warnings: readonly Problem[] }> {
  const own = await Promise.all(policies.map((path) => files.read(path)));
  const builtIn = defaultPolicies ? await files.builtIn() : [];
  return loadRules([...builtIn, ...own.flat()]);
}

/** Loads the configuration file, if one is named; its paths come back relative to the current folder. */
export async function readConfig(files: PolicyFiles, path: string | undefined): Promise<Config | undefined> {
  if (path === undefined) return undefined;
  const config = loadConfig(await readOne(files, path));
  const folder = dirname(path);
  return {
    ...config,
    ...(config.policies === undefined ? {} : { policies: config.policies.map((each) => join(folder, each)) }),
    ...(config.exemptions === undefined ? {} : { exemptions: join(folder, config.exemptions) }),
    ...(config.inventory === undefined ? {} : { inventory: join(folder, config.inventory) }),
    ...(config.output === undefined
      ? {}
      : { output: config.output.map((each) => outputBeside(folder, each)) }),
  };
}

/** Loads the exemptions, if a file is named; a rule that it names must exist. */
export async function readExemptions(
  files: PolicyFiles,
  path: string | undefined,
  rules: readonly Rule[],
): Promise<readonly Exemption[]> {
  if (path === undefined) return [];
  return loadExemptions(
    await readOne(files, path),
    rules.map(({ id }) => id),
  );
}

async function readOne(files: PolicyFiles, path: string): Promise<PolicyFile> {
  const [file] = await files.read(path);
  if (file === undefined) throw new Error(`${path} was read and is not there`);
  return file;
}

function outputBeside(folder: string, output: string): string {
  const [format = '', ...path] = output.split('=');
  return path.length === 0 ? format : `${format}=${join(folder, path.join('='))}`;
}
