import type { Anchoring, AnchorRequest } from '../model/anchors.ts';
import type { Config } from '../model/config.ts';
import type { CommandInputs, Destination } from '../model/destination.ts';
import type { Problem } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import type { PolicyFiles } from '../model/settings.ts';
import type { Rule } from '../model/rule.ts';
import type { ReadProgress, ResourceSource } from '../model/source.ts';
import type { Tool } from '../model/tool.ts';
import type { CodeScanning, Repository, ScanReportContext } from '../reporters/scan/format.ts';
import { ruleHelp } from '../rules/rule-help.ts';
import { exitCodes, scanExitCode } from './exit-code.ts';
import { resourcesSeen } from './scan/resources-seen.ts';
import { openAndScan, type SourceNeeds } from './scan/open-and-scan.ts';
import { expiredExemptions, loadPolicies, type ScanPolicies } from './settings/load-policies.ts';
import { readSettings, type SettingsRequest } from './settings/read-settings.ts';
import type { ScanSettings } from './settings/scan-settings.ts';

/** A condition that the author of a rule or an exemption should know of. */
export interface ScanNotice extends Problem {
  readonly kind: 'ruleNeverApplies' | 'exemptionExpired' | 'exemptionWithoutEffect';
}

/** The outside of a scan: files, Azure or an inventory, and the person who watches. */
export interface ScanPorts {
  readonly files: PolicyFiles;
  /** Throws UsageError where a document cannot be written, or would overwrite an input or a file read by `files`. */
  readonly checkDestinations: (destinations: readonly Destination[], inputs: CommandInputs) => Promise<void>;
  readonly openSource: (settings: ScanSettings, options: SourceOptions) => Promise<ResourceSource>;
  readonly findAnchors: (request: AnchorRequest) => Promise<Anchoring>;
  readonly progress: ScanProgress;
  readonly onNotice: (notice: ScanNotice) => void | Promise<void>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** The requirements that a source must meet, and the listener to its progress. */
export interface SourceOptions extends SourceNeeds {
  readonly onProgress: (progress: ReadProgress) => void;
}

/** Shows how much has been read. */
export interface ScanProgress {
  readonly show: (progress: ReadProgress) => void;
  /** Ends the display; called once, when nothing more is read. */
  readonly clear: () => Promise<void>;
}

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
  for (const problem of policies.neverApply) await onNotice({ kind: 'ruleNeverApplies', ...problem });
  for (const problem of expiredExemptions(policies.exemptions, now()))
    await onNotice({ kind: 'exemptionExpired', ...problem });
  return { config, settings, policies };
}

/** The identity of the tool, and whether every row is read. */
export interface ReadOptions {
  readonly tool: Tool;
  /** Read every row, even where Resource Graph could leave rows out without changing a verdict. */
  readonly full: boolean;
}

/** Scans what the settings name, with progress; reports the exemptions that had no effect. */
export async function scanPrepared(
  { settings, policies }: PreparedScan,
  { tool, full }: ReadOptions,
  { openSource, progress, onNotice, now, signal }: ScanPorts,
): Promise<ScanReport> {
  const idle: Problem[] = [];
  const report = await openAndScan({
    tool,
    policies,
    full,
    open: (needs) => openSource(settings, { ...needs, onProgress: progress.show }),
    now,
    includeCompliant: settings.includeCompliant,
    signal,
    onNotice: (problem) => idle.push(problem),
  }).finally(progress.clear);
  for (const problem of idle) await onNotice({ kind: 'exemptionWithoutEffect', ...problem });
  return report;
}

/** One scan as flags or inputs describe it. */
export interface RunScanRequest<D extends Destination> extends SettingsRequest, ReadOptions {
  readonly sourceRoot: string | undefined;
  readonly destinations: (settings: ScanSettings) => readonly D[];
  /** The name that keeps the alerts of this scan apart in code scanning. */
  readonly category: (settings: ScanSettings) => string | undefined;
  readonly repository?: Repository | undefined;
}

/** A scan that is over, and everything that its documents are made from. */
export interface FinishedScan<D extends Destination> {
  readonly report: ScanReport;
  readonly settings: ScanSettings;
  readonly destinations: readonly D[];
  readonly context: Omit<ScanReportContext, 'terminal'>;
  /** Sentences about declarations in infrastructure code that are uncertain or were skipped. */
  readonly notes: readonly string[];
  /** The exit code, if every document gets to its destination. */
  readonly exitCode: number;
}

/**
 * Runs one scan from settings to the context of its documents, which the caller renders and writes. Destinations are
 * checked before anything is sent. Throws UsageError, PolicyError or AzureError when there is no scan.
 */
export async function runScan<D extends Destination>(
  request: RunScanRequest<D>,
  ports: ScanPorts,
): Promise<FinishedScan<D>> {
  const prepared = await prepareScan(request, ports);
  const { settings, policies, config } = prepared;
  const { sourceRoot } = request;
  const destinations = request.destinations(settings);
  await ports.checkDestinations(destinations, { files: inputFiles(settings), sourceRoot });
  const category = request.category(settings);
  const seen = sourceRoot === undefined ? undefined : resourcesSeen();
  const report = await scanPrepared(prepared, request, {
    ...ports,
    openSource: async (...opening) => {
      const source = await ports.openSource(...opening);
      return seen === undefined ? source : seen.watch(source);
    },
  });
  const { anchor, notes } = await ports.findAnchors({
    findings: report.findings,
    resources: report.complete ? seen?.all() : undefined,
    rules: policies.rules,
    sourceRoot,
    configFile: config?.file,
    written: destinations.flatMap(({ path }) => path ?? []),
  });
  const codeScanning = codeScanningOf(request, { anchor, category });
  return {
    report,
    settings,
    destinations,
    context: { ruleHelp: ruleHelpOf(policies.rules), codeScanning },
    notes,
    // An interruption after the scan leaves reports without their lines of code: they are not complete.
    exitCode: ports.signal.aborted ? exitCodes.incomplete : scanExitCode(report, settings),
  };
}

/** The files that a scan reads besides its policies: no report may overwrite one. */
export function inputFiles({ target }: ScanSettings): CommandInputs['files'] {
  return target.kind === 'inventory' ? [target.file] : [];
}

function codeScanningOf(
  { repository }: { readonly repository?: Repository | undefined },
  { anchor, category }: { readonly anchor: Anchoring['anchor']; readonly category: string | undefined },
): CodeScanning {
  return {
    anchor,
    ...(category === undefined ? {} : { category }),
    ...(repository === undefined ? {} : { repository }),
  };
}

/** The help of the rules that a report may name. */
function ruleHelpOf(rules: readonly Rule[]): ScanReportContext['ruleHelp'] {
  const help = new Map(rules.map((rule) => [rule.id, ruleHelp(rule)]));
  return (ruleId) => {
    const found = help.get(ruleId);
    if (found === undefined) throw new Error(`the report names the rule ${ruleId}, which was not loaded`);
    return found;
  };
}
