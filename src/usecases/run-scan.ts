import type { Anchoring } from '../model/anchors.ts';
import type { Destination } from '../model/destination.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { LiveTarget } from '../model/target.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import { compileFilter } from '../rules/filter.ts';
import type { SourceEvent } from '../model/source.ts';
import type { CodeScanning, Repository, ScanReportContext } from '../reporters/scan/format.ts';
import { ruleHelp } from '../rules/rule-help.ts';
import { exitCodes, scanExitCode } from './exit-code.ts';
import type { Archiver } from './archive/archiver.ts';
import type { ScannedCode } from './compare.ts';
import {
  type PreparedScan,
  prepareScan,
  type ReadOptions,
  scanPrepared,
  type ScanSettingsRequest,
} from './prepared-scan.ts';
import { inputFiles } from './settings/target.ts';
import type { FinishedScan } from './scan/finished-scan.ts';
import type { ScanPorts } from './scan/ports.ts';
import {
  type DeclarationsSeen,
  declarationsSeen,
  resourcesSeen,
  watchedPorts,
} from './scan/watch-sources.ts';
import type { ScanSettings } from './settings/scan-settings.ts';

/** One scan as flags or inputs describe it. */
export interface RunScanRequest<D extends Destination> extends ScanSettingsRequest, ReadOptions {
  readonly sourceRoot: string | undefined;
  readonly destinations: (settings: ScanSettings) => readonly D[];
  /** The name that keeps the alerts of this scan apart in code scanning. */
  readonly category: (settings: ScanSettings) => string | undefined;
  readonly repository?: Repository | undefined;
  /** True for a document that shows the trend of an archive: to read a year of scans takes longer than one scan. */
  readonly showsTrend?: (destination: D) => boolean;
}

/**
 * Runs one scan from settings to the context of its documents, which the caller renders and writes. Destinations are
 * checked before anything but the sign-in is sent. Throws UsageError, PolicyError or AzureError when there is no scan.
 */
export async function runScan<D extends Destination>(
  request: RunScanRequest<D>,
  ports: ScanPorts,
): Promise<FinishedScan<D>> {
  const ending = new AbortController();
  try {
    return await runToEnd(request, {
      ...ports,
      beginSignIn: (settings, signal) =>
        ports.beginSignIn(settings, AbortSignal.any([signal, ending.signal])),
    });
  } finally {
    // A scan that is refused does not wait for a sign-in that nobody needs.
    ending.abort();
    await ports.progress.clear();
  }
}

async function runToEnd<D extends Destination>(
  request: RunScanRequest<D>,
  ports: ScanPorts,
): Promise<FinishedScan<D>> {
  const prepared = await prepareScan(request, ports);
  const { settings, policies, config } = prepared;
  const { sourceRoot } = request;
  const destinations = request.destinations(settings);
  const files = [...inputFiles(settings.target), settings.baseline];
  await ports.checkDestinations(destinations, { files, sourceRoot });
  const { tool, full } = request;
  const options = { tool, full };
  const deployed = 'deployed' in settings.target ? settings.target.deployed : undefined;
  const compared = await comparisonOf(prepared, options, ports);
  const archiver = await archiverOf(prepared, ports);
  const category = request.category(settings);
  const seen = sourceRoot === undefined ? undefined : resourcesSeen();
  const declared = declarationsSeen();
  const watch = (event: SourceEvent): void => {
    seen?.note(event);
    if (settings.changedSince !== undefined || deployed !== undefined) declared.note(event);
  };
  const recorded = { ...options, recording: archiver?.recording };
  const scanned = await scanPrepared(prepared, recorded, watchedPorts(ports, watch, declared.opened));
  const archiving = await archiver?.archive(scanned, destinations.some(request.showsTrend ?? noTrend));
  const marked = compared({ report: scanned, declared: declared.texts() });
  const report =
    deployed === undefined
      ? marked
      : await besideDeployed(marked, { prepared, options, declared, deployed }, ports);
  const { anchor, notes } = await ports.findAnchors({
    findings: [...report.findings, ...(report.baseline?.gone ?? [])],
    // A vault that is left out may fit a declaration as well.
    resources: report.complete && report.scope.filter === undefined ? seen?.all() : undefined,
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
    context: {
      ruleHelp: ruleHelpOf(policies.rules),
      codeScanning,
      cloud: settings.cloud,
      ...(archiving?.trend === undefined ? {} : { trend: archiving.trend }),
    },
    notes,
    archiving,
    // An interruption after the scan leaves reports without their lines of code: they are not complete.
    exitCode: ports.signal.aborted ? exitCodes.incomplete : scanExitCode(report, settings),
  };
}

function noTrend(): boolean {
  return false;
}

/** Reads the baseline, before Azure is read, or judges the code that is one; returns what compares a scan with it. */
async function comparisonOf(
  prepared: PreparedScan,
  options: ReadOptions,
  ports: ScanPorts,
): Promise<(scanned: ScannedCode) => ScanReport> {
  const { baseline, changedSince, target } = prepared.settings;
  if (baseline !== undefined) {
    const { openBaseline } = await import('./compare.ts');
    const compare = await openBaseline(baseline, ports.files);
    return ({ report }) => compare(report);
  }
  if (changedSince === undefined || !('form' in target)) return ({ report }) => report;
  const settings = { ...prepared.settings, target: { ...target, commit: changedSince.id } };
  const declared = declarationsSeen();
  // What there is to say about rules and exemptions is said of the code as it is now.
  const silent = { ...watchedPorts(ports, declared.note), onNotice: () => undefined };
  const report = await scanPrepared({ ...prepared, settings }, options, silent);
  const { compareCode } = await import('./compare.ts');
  return (scanned) => compareCode(scanned, { report, declared: declared.texts() }, changedSince);
}

/** A scan of code whose declarations are looked for in Azure. */
interface DeclaredInScan {
  readonly prepared: PreparedScan;
  readonly options: ReadOptions;
  readonly declared: DeclarationsSeen;
  readonly deployed: LiveTarget;
}

/** Says in the report on code what is in Azure of it, judged by the same rules. */
async function besideDeployed(
  report: ScanReport,
  { prepared, options, declared, deployed }: DeclaredInScan,
  ports: ScanPorts,
): Promise<ScanReport> {
  const { withDeployed } = await import('./deployed.ts');
  const { filter: asked, ...settings } = prepared.settings;
  const keeps = asked && compileFilter(asked, typesReadBy('live')).keeps;
  return withDeployed({
    report,
    declared: declared.all().filter((resource) => keeps?.(resource) ?? true),
    match: declared.match,
    async scanDeployed(filter) {
      const seen = resourcesSeen();
      const silent = { ...watchedPorts(ports, seen.note), onNotice: () => undefined };
      const live = { ...settings, ...(filter && { filter }), target: deployed, includeCompliant: true };
      const scanned = await scanPrepared({ ...prepared, settings: live }, options, silent);
      return { report: scanned, resources: seen.all() };
    },
  });
}

async function archiverOf(prepared: PreparedScan, ports: ScanPorts): Promise<Archiver | undefined> {
  const { archive } = prepared.settings;
  if (archive === undefined) return undefined;
  // A scan that is not archived must not wait for what reads archives.
  const { openArchiver } = await import('./archive/archiver.ts');
  return openArchiver(prepared, { archive: await ports.openArchive(archive), signal: ports.signal });
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
