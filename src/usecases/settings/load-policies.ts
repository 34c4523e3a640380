import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFiles } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/evaluate.ts';
import { hasExpired } from '../../rules/exemptions/find.ts';
import type { LoadedRules } from '../../rules/load/rules.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
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
  const { loadRules } = await import('../../rules/load/rules.ts');
  return loadRules(own.flat(), { shipped });
}

/** The rules and exemptions of a scan, loaded and compiled. */
export interface ScanPolicies {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  /** Selected rules that can never apply, each at the place of its type. */
  readonly neverApply: readonly Problem[];
  readonly exemptions: readonly Exemption[];
}

/** Loads and compiles what the settings name. Throws PolicyError where no rule can ever apply. */
export async function loadPolicies(settings: ScanSettings, files: PolicyFiles): Promise<ScanPolicies> {
  const { rules, typePlaces } = await readRules(files, settings);
  const compiled = prepareRules(rules, settings);
  const neverApply = rulesOfUnreadTypes(
    compiled.map(({ rule }) => rule),
    typePlaces,
  );
  if (neverApply.length === compiled.length) throw new PolicyError(neverApply);
  return { rules, compiled, neverApply, exemptions: await readExemptions(files, settings.exemptions, rules) };
}

/** Loads the exemptions, if a file is named; a rule that it names must exist. */
async function readExemptions(
  files: PolicyFiles,
  path: string | undefined,
  rules: readonly Rule[],
): Promise<readonly Exemption[]> {
  if (path === undefined) return [];
  const { loadExemptions } = await import('../../rules/load/exemptions.ts');
  return loadExemptions(
    await files.readFile(path),
    rules.map(({ id }) => id),
  );
}

/** The rules about types that no scan reads, each at the place of its type: they can never apply. */
function rulesOfUnreadTypes(
  rules: readonly Rule[],
  typePlaces: ReadonlyMap<string, Location>,
): readonly Problem[] {
  return rules
    .filter(({ resourceTypes }) => !resourceTypes.some((type) => scanned.has(type.toLowerCase())))
    .map(({ id, resourceTypes, location }) => {
      const { file, line, column } = typePlaces.get(id) ?? location;
      const message = `${id} never applies: a scan reads ${scannedTypes.join(' and ')}, not ${resourceTypes.join(', ')}`;
      return { file, line, column, message };
    });
}

const scanned = new Set(scannedTypes.map((type) => type.toLowerCase()));

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
