import type { Config } from '../model/config.ts';
import type { CommandInputs } from '../model/destination.ts';
import type { Problem } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import type { Tool } from '../model/tool.ts';
import { knownType, typesReadBy } from '../resource-types/known-type.ts';
import { judgedRules } from '../reporters/words/not-judged.ts';
import { namesSubscription } from '../rules/exemptions/resolve.ts';
import { rowsWanted } from '../rules/kql/push-down.ts';
import { scan } from './scan.ts';
import { notJudged, readableBy, sourceNames } from './scan/not-judged.ts';
import type { ScanPorts, SourceOptions } from './scan/ports.ts';
import { expiredExemptions, loadPolicies, type ScanPolicies } from './settings/load-policies.ts';
import { readSettings, type SettingsRequest } from './settings/read-settings.ts';
import type { ScanSettings } from './settings/scan-settings.ts';

/** The settings, rules and exemptions of one scan, loaded and compiled. */
export interface PreparedScan {
  readonly config: Config | undefined;
  readonly settings: ScanSettings;
  readonly policies: ScanPolicies;
}

/** Reads the configuration, the rules and the exemptions; reports rules that never apply and expired exemptions. */
export async function prepareScan(
  request: SettingsRequest,
  { files, now, onNotice }: Pick<ScanPorts, 'files' | 'now' | 'onNotice'>,
): Promise<PreparedScan> {
  const { config, settings } = await readSettings(request, files);
  const policies = await loadPolicies(settings, files);
  // An inventory may hold types that no source announces: that is known once it has been read.
  if (settings.target.kind === 'live')
    for (const problem of policies.neverApply.values())
      await onNotice({ kind: 'ruleNeverApplies', ...problem });
  for (const problem of expiredExemptions(policies.exemptions, now()))
    await onNotice({ kind: 'exemptionExpired', ...problem });
  return { config, settings, policies };
}

/** The files that a scan reads besides its policies: no report may overwrite one. */
export function inputFiles({ target }: ScanSettings): CommandInputs['files'] {
  return target.kind === 'inventory' ? [target.file] : [];
}

/** The identity of the tool, and whether every row is read. */
export interface ReadOptions {
  readonly tool: Tool;
  /** Read every row, even where Resource Graph could leave rows out without changing a verdict. */
  readonly full: boolean;
}

/** Scans what the settings name, with progress; reports the exemptions that had no effect. */
export async function scanPrepared(
  prepared: PreparedScan,
  { tool, full }: ReadOptions,
  { openSources, progress, onNotice, now, signal }: ScanPorts,
): Promise<ScanReport> {
  const { settings, policies } = prepared;
  const { compiled, exemptions } = policies;
  const { includeCompliant } = settings;
  const idle: Problem[] = [];
  // A compliant verdict can be listed only for a row that was returned.
  const needs = needsOf(prepared, { all: full || includeCompliant, now });
  const read = async (): Promise<ScanReport> =>
    scan({
      tool,
      rules: compiled,
      ...(await openSources(settings, { ...needs, onProgress: progress.show })),
      exemptions,
      now,
      includeCompliant,
      signal,
      onNotice: (problem) => idle.push(problem),
    });
  const report = await read().finally(progress.clear);
  if (settings.target.kind === 'inventory')
    for (const problem of neverJudged(report, policies))
      await onNotice({ kind: 'ruleNeverApplies', ...problem });
  for (const problem of idle) await onNotice({ kind: 'exemptionWithoutEffect', ...problem });
  return report;
}

/** The rules that never applied, once it is known which types were read. */
function neverJudged(report: ScanReport, { neverApply }: ScanPolicies): readonly Problem[] {
  const judged = new Set(judgedRules(report).map(({ id }) => id));
  return [...neverApply].flatMap(([id, problem]) => (judged.has(id) ? [] : [problem]));
}

/** Decides how much the sources have to return: what the rules need that this scan can judge. */
function needsOf(
  { policies, settings: { target } }: PreparedScan,
  { all, now }: { readonly all: boolean; readonly now: () => Date },
): Omit<SourceOptions, 'onProgress'> {
  const readable = readableBy(sourceNames(target));
  const judged = policies.compiled.filter(
    ({ rule }) => notJudged(rule, readable).length < rule.resourceTypes.length,
  );
  const types = typesReadBy(target.kind);
  const { isUndecided, ...wanted } = rowsWanted(judged, types, { all });
  return {
    ...wanted,
    isUndecided: (resource) => isUndecided(withoutFacts(resource)),
    judgedTypes: types.filter((type) => judged.some(({ rule }) => rule.resourceTypes.some(isIn(type)))),
    subscriptionNames: policies.exemptions.some((one) => namesSubscription(one, now())),
  };
}

/** True for a type itself, and for what is in resources of that type. */
function isIn(type: string): (judged: string) => boolean {
  const wanted = type.toLowerCase();
  return (judged) => [judged, knownType(judged)?.partOf].some((one) => one?.toLowerCase() === wanted);
}

/** A resource as its source returns it: facts about it are not known yet. */
function withoutFacts(resource: Resource): Resource {
  const facts = Object.keys(knownType(resource.type)?.facts ?? {});
  return facts.length === 0 ? resource : { ...resource, gaps: [...resource.gaps, ...facts] };
}
