import { tryParseJson } from '../../documents/json/parse.ts';
import { PolicyError, type Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { NotJudged } from '../../model/report.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFile, PolicyFiles } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import type { KnownRules } from '../../rules/find-rule.ts';
import type { CheckedRules, LoadedRules } from '../../rules/load/rules.ts';
import { typesReadBy } from '../../resource-types/known-type.ts';
import { notJudged, partNeeded, readableBy, sourceNames } from '../scan/not-judged.ts';
import { readAs } from '../read-as.ts';
import { missingAmong, type RulePath } from './named-paths.ts';
import { checkChoices } from './prepare-rules.ts';
import { knownRules } from './rules-found.ts';
import type { SettingsRead } from './scan-settings.ts';
import { collectMistakes, type Checked, problemMistakes, refuseMistakes } from './setting-mistake.ts';

/** The places of rules: the paths that are named, each with the place where, and whether the built-in rules count. */
export interface RulePlaces {
  readonly policyPaths: readonly RulePath[];
  readonly defaultPolicies: boolean;
  /** False leaves the examples of the user's rules to whoever asks; see `LoadOptions`. */
  readonly judgesExamples?: boolean;
}

/** Loads the built-in rules and the user's own. Throws with every path that is missing, and every mistake of every file. */
export async function readRules(files: PolicyFiles, places: RulePlaces): Promise<LoadedRules> {
  const named = places.policyPaths.map((each) => ({ ...each, kind: 'file or folder' }) as const);
  const missing = await missingAmong(named, files);
  const policyPaths = places.policyPaths.filter(({ path }) => missing.every((lost) => lost.path !== path));
  const { value, mistakes } = await checkRules(files, { ...places, policyPaths });
  refuseMistakes([...missing.map(({ mistake }) => mistake), ...mistakes]);
  return value;
}

/** Loads the rules of paths that exist. Every mistake of every file comes with those that are right. */
async function checkRules(
  files: PolicyFiles,
  { policyPaths, defaultPolicies, judgesExamples = true }: RulePlaces,
): Promise<Checked<Omit<CheckedRules, 'problems'>>> {
  const { value: own, mistakes } = await readPolicyFiles(files, policyPaths);
  const shipped = defaultPolicies ? await files.shippedRules() : [];
  if (own.length === 0)
    return { value: { rules: shipped, warnings: [], places: new Map(), faulty: [] }, mistakes };
  // What reads and checks YAML takes longer to load than a small scan.
  const { checkPolicyFiles } = await import('./user-files.ts');
  const { problems, ...value } = checkPolicyFiles(own, { shipped, judgesExamples });
  return { value, mistakes: [...mistakes, ...problemMistakes(await withoutOtherTexts(problems, own))] };
}

/** The problems, with one in the place of all of a file that is no YAML at all: reports, code and markup. */
async function withoutOtherTexts(
  problems: readonly Problem[],
  files: readonly PolicyFile[],
): Promise<readonly Problem[]> {
  if (problems.length === 0) return problems;
  const { recogniseBeginning } = await import('../other-kind.ts');
  const faulty = new Set(problems.map(({ file }) => file));
  const others = files.flatMap((file) => {
    const isJson = tryParseJson(file.bytes) !== undefined;
    const kind = faulty.has(file.file) && !isJson ? recogniseBeginning(file) : undefined;
    return kind === undefined ? [] : [[file.file, kind.what] as const];
  });
  const kinds = new Map(others);
  return [
    ...problems.filter(({ file }) => !kinds.has(file)),
    ...Array.from(kinds, ([file, what]) => ({
      file,
      line: 1,
      column: 1,
      message: `this is ${what}, not a rule`,
    })),
  ];
}

/** Reads what can be read. */
async function readPolicyFiles(
  files: PolicyFiles,
  named: readonly RulePath[],
): Promise<Checked<readonly PolicyFile[]>> {
  const all = await collectMistakes(async () => files.read(named.map(({ path }) => path)), []);
  if (all.mistakes.length === 0) return all;
  const apart = await Promise.all(
    named.map(async ({ path, origin }) => {
      const { mistakes } = await collectMistakes(async () => files.read([path]), []);
      if (typeof origin === 'string') return { path, mistakes };
      return { path, mistakes: mistakes.map(({ message, hint }) => ({ origin, message, hint })) };
    }),
  );
  const readable = apart.filter(({ mistakes }) => mistakes.length === 0).map(({ path }) => path);
  return { value: await files.read(readable), mistakes: apart.flatMap(({ mistakes }) => mistakes) };
}

/** The rules and exemptions of a scan, loaded and compiled. */
export interface ScanPolicies {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  /** The frameworks by whose controls the report has verdicts; absent in an archived scan. */
  readonly frameworks?: readonly string[];
  /** Selected rules of the user on types that no source announces, by id, each at the place of its type. */
  readonly neverApply: ReadonlyMap<string, Problem>;
  /** Definitions of Azure Policy by which nothing is judged, each with the reason. */
  readonly notEvaluated: readonly Problem[];
  readonly exemptions: readonly Exemption[];
}

/**
 * Loads and compiles what the settings name. Throws PolicyError or UsageError with every mistake of the settings, the rules
 * and the exemptions, and PolicyError where no rule can ever apply.
 */
export async function loadPolicies(read: SettingsRead, files: PolicyFiles): Promise<ScanPolicies> {
  const { settings, policyPaths, namesAllRules } = read;
  const { defaultPolicies } = settings;
  const { value, mistakes: inRules } = await checkRules(files, { policyPaths, defaultPolicies });
  const { rules, places, faulty, passedOver = [] } = value;
  const found = { rules, faulty, areAll: namesAllRules && inRules.length === 0 };
  const { value: chosen, mistakes: inChoices } = checkChoices(found, settings);
  const { compiled, disabled, frameworks } = chosen;
  const { value: exemptions, mistakes: inExemptions } = await collectMistakes(
    async () => readExemptions(files, settings.exemptions, knownRules(found)),
    [],
  );
  refuseMistakes([...read.mistakes, ...inRules, ...inChoices, ...inExemptions]);
  const names = sourceNames(settings.target);
  const readable = readableBy(names);
  const unjudged = compiled
    .map(({ rule }) => rule)
    .filter((rule) => notJudged(rule, readable).length === rule.resourceTypes.length);
  const toProblem = (rule: Rule): Problem =>
    neverJudged(
      rule,
      { part: partNeeded(rule, readable), types: typesReadBy(...names), reasons: notJudged(rule, readable) },
      places,
    );
  if (unjudged.length === compiled.length) throw new PolicyError(unjudged.map(toProblem));
  // What ships and needs --include is no mistake: the report names it.
  const own = unjudged.filter(({ builtIn }) => !builtIn);
  const neverApply = new Map(
    own.filter((rule) => !isNotEvaluated(rule)).map((rule) => [rule.id, toProblem(rule)]),
  );
  const notEvaluated = [...own.filter(isNotEvaluated).map(toProblem), ...disabled, ...passedOver];
  return { rules, compiled, frameworks, neverApply, notEvaluated, exemptions };
}

/** Loads the exemptions, if a file is named; a rule that it names must exist. */
async function readExemptions(
  files: PolicyFiles,
  path: string | undefined,
  rules: KnownRules,
): Promise<readonly Exemption[]> {
  if (path === undefined) return [];
  const { loadExemptions } = await import('./user-files.ts');
  return readAs('exemptions', await files.readFile(path), (file) => loadExemptions(file, rules));
}

/** A rule that cannot be judged on any of its types, and the place of its type. */
function neverJudged(
  { id, resourceTypes, location, policy }: Rule,
  { part, types, reasons }: WhyNeverJudged,
  places: LoadedRules['places'],
): Problem {
  const { file, line, column } = places.get(id)?.(['resourceType']) ?? location;
  if (policy?.notEvaluated !== undefined)
    return { file, line, column, message: `${id} is not evaluated: ${policy.notEvaluated}` };
  const isRead = resourceTypes.every((type) => types.includes(type));
  const message =
    part !== undefined
      ? `${id} is judged with --include ${part} only, which reads what it is about`
      : isRead
        ? `${id} is not judged: ${reasons.map(({ reason }) => reason).join(' ')}`
        : `${id} never applies: a scan reads ${types.join(' and ')}, not ${resourceTypes.join(', ')}`;
  return { file, line, column, message };
}

function isNotEvaluated({ policy }: Rule): boolean {
  return policy?.notEvaluated !== undefined;
}

interface WhyNeverJudged {
  /** The part of a scan that would judge it. */
  readonly part: string | undefined;
  /** The types that the scan reads. */
  readonly types: readonly string[];
  readonly reasons: readonly NotJudged[];
}
