import type { Config } from '../model/config.ts';
import type { Problem } from '../model/errors.ts';
import type { ExemptionNotice } from '../model/exemption-notice.ts';
import type { ScanReport } from '../model/report.ts';
import type { Tool } from '../model/tool.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import { judgedRules } from '../reporters/words/not-judged.ts';
import { namesSubscription } from '../rules/exemptions/resolve.ts';
import { termNotices } from '../rules/exemptions/terms.ts';
import { namesByName } from '../rules/scopes/resolve.ts';
import { type CompiledFilter, compileFilter, scopesToCount } from '../rules/filter.ts';
import { rowsWanted } from '../rules/kql/push-down.ts';
import { scan } from './scan.ts';
import { concerns, notJudged, readableBy, sourceNames, withoutFacts } from './scan/not-judged.ts';
import type { ScanNotice, ScanPorts, SourceOptions } from './scan/ports.ts';
import { loadPolicies, type ScanPolicies } from './settings/load-policies.ts';
import { readSettings, type SettingsRequest } from './settings/read-settings.ts';
import type { ScanRecording } from './archive/recording.ts';
import type { ScanSettings } from './settings/scan-settings.ts';
import { refuseMistakes } from './settings/setting-mistake.ts';

/** The settings of a scan as they are asked for. */
export interface ScanSettingsRequest extends SettingsRequest {
  /** The rules and exemptions, where they are not those that the settings name. */
  readonly policies?: ScanPolicies | undefined;
}

/** The settings, rules and exemptions of one scan, loaded and compiled. */
export interface PreparedScan {
  readonly config: Config | undefined;
  readonly settings: ScanSettings;
  readonly policies: ScanPolicies;
}

/**
 * Reads the configuration, the rules and the exemptions, while the sign-in is under way; reports rules that never apply, and
 * exemptions that have expired or end soon.
 */
export async function prepareScan(
  request: ScanSettingsRequest,
  { files, now, onNotice, beginSignIn, signal }: Omit<ScanPorts, 'checkDestinations' | 'openSources'>,
): Promise<PreparedScan> {
  const read = await readSettings(request, files);
  const { config, settings } = read;
  if (read.mistakes.length === 0) beginSignIn(settings, signal);
  const { policies = await loadPolicies(read, files) } = request;
  refuseMistakes(read.mistakes);
  // An inventory may hold types that no source announces: that is known once it has been read.
  if (settings.target.kind === 'live')
    for (const problem of policies.neverApply.values()) await onNotice(neverAppliesNotice(problem));
  for (const problem of policies.notEvaluated)
    await onNotice({ ...neverAppliesNotice(problem), kind: 'definitionNotEvaluated' });
  for (const notice of termNotices(policies.exemptions, now())) await onNotice(notice);
  return { config, settings, policies };
}

function neverAppliesNotice({ message, ...at }: Problem): ScanNotice {
  return { kind: 'ruleNeverApplies', at, message };
}

/** The identity of the tool, and whether every row is read. */
export interface ReadOptions {
  readonly tool: Tool;
  /** Read every row, even where Resource Graph could leave rows out without changing a verdict. */
  readonly full: boolean;
}

/** A read whose result is kept, to be judged by other rules: it must not depend on those of now. */
interface KeptRead {
  readonly recording?: ScanRecording | undefined;
}

/** Scans what the settings name, with progress; reports the exemptions that had no effect. */
export async function scanPrepared(
  prepared: PreparedScan,
  { tool, full, recording }: ReadOptions & KeptRead,
  { openSources, progress, onNotice, now, signal }: ScanPorts,
): Promise<ScanReport> {
  const { config, settings, policies } = prepared;
  const { compiled, exemptions } = policies;
  const { includeCompliant } = settings;
  const idle: ScanNotice[] = [];
  // A compliant verdict can be listed only for a row that was returned.
  const [source] = sourceNames(settings.target);
  const filter = settings.filter && compileFilter(settings.filter, typesReadBy(source));
  const isKept = recording !== undefined;
  const needs = needsOf(prepared, { all: full || includeCompliant || isKept, isKept, filter, now });
  const read = async (): Promise<ScanReport> => {
    const opened = await openSources(settings, {
      ...needs,
      onProgress: (read) => progress.show({ kind: 'read', ...read }),
    });
    return scan({
      tool,
      rules: compiled,
      frameworks: { names: policies.frameworks ?? [], among: policies.rules },
      filter,
      ...(recording?.watch(opened) ?? opened),
      onEvent: recording?.onEvent,
      exemptions,
      now,
      includeCompliant,
      signal,
      // What is written is in Azure.
      guarded: settings.target.kind === 'live' ? config?.writes.flatMap(({ never }) => never) : [],
      onIdleScope: ({ message, ...at }, kind) => idle.push({ kind, at, message }),
    });
  };
  const report = await read().finally(progress.clear);
  if (settings.target.kind !== 'live')
    for (const problem of neverJudged(report, policies)) await onNotice(neverAppliesNotice(problem));
  for (const notice of report.exemptionNotices ?? []) if (!isByDateAlone(notice)) await onNotice(notice);
  for (const notice of idle) await onNotice(notice);
  return report;
}

/** True for what the exemptions file says by itself: that came before anything was read. */
function isByDateAlone({ kind, at }: ExemptionNotice): boolean {
  return typeof at !== 'string' && (kind === 'expired' || kind === 'endsSoon');
}

/** The rules that never applied, once it is known which types were read. */
function neverJudged(report: ScanReport, { neverApply }: ScanPolicies): readonly Problem[] {
  const judged = new Set(judgedRules(report).map(({ id }) => id));
  return [...neverApply].flatMap(([id, problem]) => (judged.has(id) ? [] : [problem]));
}

/** The rows that are wanted: all of them or those that decide, of the resources that a filter keeps. */
interface WantedRows {
  readonly all: boolean;
  /** Rules that are not known yet will judge them, too. */
  readonly isKept: boolean;
  readonly filter: CompiledFilter | undefined;
  readonly now: () => Date;
}

/** Decides how much the sources have to return: what the rules need that this scan can judge. */
function needsOf(
  { policies, settings: { target } }: PreparedScan,
  { all, isKept, filter, now }: WantedRows,
): Omit<SourceOptions, 'onProgress'> {
  const readable = readableBy(sourceNames(target));
  const judged = policies.compiled.filter(
    ({ rule }) => notJudged(rule, readable).length < rule.resourceTypes.length,
  );
  const types = typesReadBy(sourceNames(target)[0]);
  // Of alternatives, a row that is only counted would not show which one it matches.
  const counts = !all && filter?.hasAlternatives !== true;
  const { isUndecided, ...wanted } = rowsWanted(judged, types, {
    all: !counts,
    filter,
    scopesOf: (type) => scopesToCount(judged, type),
  });
  return {
    ...wanted,
    isUndecided: (resource) => isUndecided(withoutFacts(resource)),
    judgedTypes: types.filter(
      (type) => isKept || judged.some(({ rule }) => rule.resourceTypes.some(concerns(type))),
    ),
    subscriptionNames:
      isKept ||
      policies.exemptions.some((one) => namesSubscription(one, now())) ||
      judged.some(({ byScope = [] }) => byScope.some(({ scope }) => namesByName(scope))),
  };
}
