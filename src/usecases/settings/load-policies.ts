import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFiles } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { hasExpired } from '../../rules/exemptions/find.ts';
import type { LoadedRules } from '../../rules/load/rules.ts';
import { typesReadBy } from '../../resource-types/known-type.ts';
import { notJudged, partNeeded, readableBy, sourceNames } from '../scan/not-judged.ts';
import { prepareRules } from './prepare-rules.ts';
import type { ScanSettings } from './scan-settings.ts';

/** Loads the built-in rules and the user's own; every mistake of every file is reported in one error. */
export async function readRules(
  files: PolicyFiles,
  { policies, defaultPolicies }: { policies: readonly string[]; defaultPolicies: boolean },
): Promise<LoadedRules> {
  const own = await Promise.all(policies.map((path) => files.read(path)));
  const shipped = defaultPolicies ? await files.shippedRules() : [];
  if (own.length === 0) return { rules: shipped, warnings: [], typePlaces: new Map() };
  // What reads and checks YAML takes longer to load than a small scan.
  const { loadRules } = await import('./user-files.ts');
  return loadRules(own.flat(), { shipped });
}

/** The rules and exemptions of a scan, loaded and compiled. */
export interface ScanPolicies {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  /** Selected rules of the user on types that no source announces, by id, each at the place of its type. */
  readonly neverApply: ReadonlyMap<string, Problem>;
  readonly exemptions: readonly Exemption[];
}

/** Loads and compiles what the settings name. Throws PolicyError where no rule can ever apply. */
export async function loadPolicies(settings: ScanSettings, files: PolicyFiles): Promise<ScanPolicies> {
  const { rules, typePlaces } = await readRules(files, settings);
  const compiled = prepareRules(rules, settings);
  const names = sourceNames(settings.target);
  const readable = readableBy(names);
  const unjudged = compiled
    .map(({ rule }) => rule)
    .filter((rule) => notJudged(rule, readable).length === rule.resourceTypes.length);
  const toProblem = (rule: Rule): Problem =>
    neverJudged(rule, { part: partNeeded(rule, readable), types: typesReadBy(...names) }, typePlaces);
  if (unjudged.length === compiled.length) throw new PolicyError(unjudged.map(toProblem));
  // What ships and needs --include is no mistake: the report names it.
  const own = unjudged.filter(({ builtIn }) => !builtIn);
  const neverApply = new Map(own.map((rule) => [rule.id, toProblem(rule)]));
  return { rules, compiled, neverApply, exemptions: await readExemptions(files, settings.exemptions, rules) };
}

/** Loads the exemptions, if a file is named; a rule that it names must exist. */
async function readExemptions(
  files: PolicyFiles,
  path: string | undefined,
  rules: readonly Rule[],
): Promise<readonly Exemption[]> {
  if (path === undefined) return [];
  const { loadExemptions } = await import('./user-files.ts');
  return loadExemptions(
    await files.readFile(path),
    rules.map(({ id }) => id),
  );
}

/** A rule that cannot be judged on any of its types, and the place of its type. */
function neverJudged(
  { id, resourceTypes, location }: Rule,
  { part, types }: { readonly part: string | undefined; readonly types: readonly string[] },
  typePlaces: ReadonlyMap<string, Location>,
): Problem {
  const { file, line, column } = typePlaces.get(id) ?? location;
  const message =
    part === undefined
      ? `${id} never applies: a scan reads ${types.join(' and ')}, not ${resourceTypes.join(', ')}`
      : `${id} is judged with --include ${part} only, which reads what it is about`;
  return { file, line, column, message };
}

/** Reports exemptions that have expired, and so no longer hide anything. */
export function expiredExemptions(exemptions: readonly Exemption[], now: Date): readonly Problem[] {
  return exemptions
    .filter((exemption) => hasExpired(exemption, now))
    .map(({ location: { file, line, column }, rule, expiresOn }) => ({
      file,
      line,
      column,
      message: `the exemption from ${rule} expired on ${expiresOn} and no longer applies`,
    }));
}
