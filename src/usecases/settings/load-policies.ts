import type { Config } from '../../model/config.ts';
import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFiles } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/evaluate.ts';
import { scanReportFormats } from '../../reporters/scan/formats.ts';
import { configLoader } from '../../rules/load/config.ts';
import { loadExemptions } from '../../rules/load/exemptions.ts';
import { type LoadedRules, loadRules } from '../../rules/load/rules.ts';
import { prepareRules } from './prepare-rules.ts';
import type { ScanSettings } from './scan-settings.ts';
import { rulesOfUnreadTypes } from './unread-types.ts';

/** Loads the built-in rules and the user's own; every mistake of every file comes at once. */
export async function readRules(
  files: PolicyFiles,
  { policies, defaultPolicies }: { policies: readonly string[]; defaultPolicies: boolean },
): Promise<LoadedRules> {
  const own = await Promise.all(policies.map((path) => files.read(path)));
  const builtIn = defaultPolicies ? await files.builtIn() : [];
  return loadRules([...builtIn, ...own.flat()]);
}

/** What a scan judges by, loaded and compiled. */
export interface ScanPolicies {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  /** Selected rules that can never apply, each where its type stands. */
  readonly neverApply: readonly Problem[];
  readonly exemptions: readonly Exemption[];
}

/** Loads and compiles what the settings name. Throws PolicyError where no rule can ever apply. */
export async function preparePolicies(settings: ScanSettings, files: PolicyFiles): Promise<ScanPolicies> {
  const { rules, typePlaces } = await readRules(files, settings);
  const compiled = prepareRules(rules, settings);
  const neverApply = rulesOfUnreadTypes(
    compiled.map(({ rule }) => rule),
    typePlaces,
  );
  if (neverApply.length === compiled.length) throw new PolicyError(neverApply);
  return { rules, compiled, neverApply, exemptions: await readExemptions(files, settings.exemptions, rules) };
}

/** Loads a configuration file, as `configLoader` does; paths stay as written. */
export const loadConfig = configLoader(Object.keys(scanReportFormats));

/** Loads the configuration file, if one is named; its paths come back relative to the current folder. */
export async function readConfig(files: PolicyFiles, path: string | undefined): Promise<Config | undefined> {
  if (path === undefined) return undefined;
  const config = loadConfig(await files.readFile(path));
  const { policies, exemptions, inventory, output, paths, ...rest } = config;
  const beside = (named: string): string => files.beside(path, named);
  return {
    ...rest,
    paths: paths.map(({ key, path: named, origin }) => ({ key, path: beside(named), origin })),
    ...(policies === undefined ? {} : { policies: policies.map(beside) }),
    ...(exemptions === undefined ? {} : { exemptions: beside(exemptions) }),
    ...(inventory === undefined ? {} : { inventory: beside(inventory) }),
    ...(output === undefined ? {} : { output: output.map((each) => outputBeside(each, beside)) }),
  };
}

/** Loads the exemptions, if a file is named; a rule that it names must exist. */
async function readExemptions(
  files: PolicyFiles,
  path: string | undefined,
  rules: readonly Rule[],
): Promise<readonly Exemption[]> {
  if (path === undefined) return [];
  return loadExemptions(
    await files.readFile(path),
    rules.map(({ id }) => id),
  );
}

function outputBeside(output: string, beside: (path: string) => string): string {
  const [format = '', ...path] = output.split('=');
  return path.length === 0 ? format : `${format}=${beside(path.join('='))}`;
}
