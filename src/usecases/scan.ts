import { type Problem, UsageError } from '../model/errors.ts';
import type { Exemption } from '../model/exemption.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage, ReportScope, ScanReport, Unreadable } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import { resourceTypes } from '../resource-types/index.ts';
import { scannedTypes } from '../resource-types/known-type.ts';
import type { PassedResources, ResourceSource, Subscription } from '../model/source.ts';
import type { Tool } from '../model/tool.ts';
import type { CompiledRule } from '../rules/evaluate.ts';
import { judge } from '../rules/evaluate.ts';
import { type ExemptionsInUse, exemptionsInUse } from '../rules/exemptions/effect.ts';
import { resolveExemptions } from '../rules/exemptions/resolve.ts';
import { compareByResource, describeVerdict, type ListedVerdict } from './scan/finding.ts';
import { reportRule } from './report/report-rule.ts';
import { tally } from './scan/tally.ts';

/** Everything that a scan needs; it reads nothing else. */
export interface ScanRequest {
  readonly tool: Tool;
  readonly rules: readonly CompiledRule[];
  readonly source: ResourceSource;
  readonly exemptions: readonly Exemption[];
  /** The clock: also decides which exemptions are in force. */
  readonly now: () => Date;
  /** List compliant verdicts too. They are always counted. */
  readonly includeCompliant: boolean;
  readonly signal: AbortSignal;
  /** Gets what the author of the exemptions should know: those that cover no finding of a complete scan. */
  readonly onNotice?: ((notice: Problem) => void) | undefined;
}

/**
 * Reads every resource once, judges it by every rule, and accounts for what could not be read. Pages are judged as
 * they arrive and then released. Throws what the source throws, when the job cannot be done at all, UsageError where
 * nothing came but types that no rule is about, and PolicyError for an exemption whose name several subscriptions or
 * management groups have.
 */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const startedAt = request.now();
  const seen = await judgeAll(request, startedAt);
  if (seen.coverage !== undefined && seen.unreadable.length === 0) refuseForeign(seen);
  const unreadable =
    seen.coverage === undefined ? [...seen.unreadable, sourceEndedEarly(seen.scope)] : seen.unreadable;
  const complete = unreadable.length === 0 && allAccountedFor(seen.coverage);
  if (complete) reportIdleExemptions(seen, request);
  return {
    schemaVersion: '1.1',
    tool: request.tool,
    startedAt: startedAt.toISOString(),
    finishedAt: request.now().toISOString(),
    complete,
    scope: seen.scope,
    summary: seen.counts.summary(),
    rules: request.rules.map(reportRule),
    findings: seen.findings.toSorted(compareByResource),
    unreadable,
    coverage: seen.coverage ?? emptyCoverage,
  };
}

interface Seen {
  scope: ReportScope;
  /** How many resources came of each type that is not scanned, and that no rule is about. */
  readonly foreign: Map<string, number>;
  subscriptions: ReadonlyMap<string, Subscription>;
  exemptions: ExemptionsInUse;
  readonly findings: Finding[];
  readonly unreadable: Unreadable[];
  readonly counts: ReturnType<typeof tally>;
  coverage?: Coverage;
}

async function judgeAll(request: ScanRequest, startedAt: Date): Promise<Seen> {
  const seen: Seen = {
    scope: { subscriptions: [], managementGroups: [] },
    foreign: new Map(),
    subscriptions: new Map(),
    exemptions: exemptionsInUse([], startedAt),
    findings: [],
    unreadable: [],
    counts: tally(),
  };
  const rulesFor = rulesByType(request.rules);
  for await (const event of request.source.read(request.signal)) {
    if (event.kind === 'coverage') seen.coverage = event.coverage;
    else if (event.kind === 'unreadable') seen.unreadable.push(event.entry);
    else if (event.kind === 'passed') countPassed(event.passed);
    else if (event.kind === 'scope') {
      seen.scope = event.scope;
      seen.subscriptions = new Map(event.subscriptions.map((item) => [item.id.toLowerCase(), item]));
      const known = { subscriptions: [...event.subscriptions, ...(event.others ?? [])], now: startedAt };
      seen.exemptions = exemptionsInUse(resolveExemptions(request.exemptions, known), startedAt);
    } else {
      for (const resource of event.resources) judgeOne(resource);
    }
  }
  return seen;

  function countPassed({ type, resources, notApplicable }: PassedResources): void {
    seen.counts.resources(resources, true);
    for (const { rule } of rulesFor(type)) {
      const notApplicableCount = notApplicable[rule.id] ?? 0;
      seen.counts.passed({ compliant: resources - notApplicableCount, notApplicable: notApplicableCount });
    }
  }

  function subscriptionOf({ subscriptionId }: Resource): Subscription | undefined {
    return seen.subscriptions.get(subscriptionId.toLowerCase());
  }

  function judgeOne(resource: Resource): void {
    const rules = rulesFor(resource.type);
    const isRelevant = rules.length > 0 || scanned.has(resource.type.toLowerCase());
    seen.counts.resources(1, isRelevant);
    if (!isRelevant) seen.foreign.set(resource.type, (seen.foreign.get(resource.type) ?? 0) + 1);
    for (const compiled of rules) {
      const verdict = judge(compiled, resource);
      const exemption =
        verdict === 'nonCompliant'
          ? seen.exemptions.find(compiled.rule.id, resource, subscriptionOf(resource))
          : undefined;
      seen.counts.verdict(exemption === undefined ? verdict : 'exempt', compiled.rule.severity);
      if (verdict === 'notApplicable') continue;
      if (verdict === 'compliant' && !request.includeCompliant) continue;
      const listed: ListedVerdict =
        exemption === undefined ? { compliance: verdict } : { compliance: 'exempt', exemption };
      seen.findings.push(describeVerdict({ compiled, resource, verdict: listed }));
    }
  }
}

const scanned = new Set(scannedTypes.map((type) => type.toLowerCase()));

/** Throws UsageError where all that came is of types that no rule is about: a green result would prove nothing. */
function refuseForeign({ counts, foreign, scope }: Seen): void {
  if (foreign.size === 0 || counts.summary().relevant > 0) return;
  const named = [...foreign].map(([type, count]) => `${count} of ${type}`);
  const shown = named.slice(0, maxTypesNamed).join(', ');
  const more = named.length > maxTypesNamed ? ` and ${named.length - maxTypesNamed} more types` : '';
  const where = scope.inventory === undefined ? 'What was read' : `The inventory ${scope.inventory}`;
  throw new UsageError(
    `${where} holds ${resourceTypes.map(({ words }) => `no ${words.one}`).join(' and ')}, only ${shown}${more}.`,
    `A scan judges ${scannedTypes.join(' and ')}, not what was deleted or is inside of them. Export those, or an empty list, [], where there are none.`,
  );
}

const maxTypesNamed = 5;

function reportIdleExemptions(
  { exemptions, subscriptions, scope, coverage }: Seen,
  { rules, onNotice }: ScanRequest,
): void {
  const notices = exemptions.notices({
    ruleIds: rules.map(({ rule }) => rule.id),
    subscriptions: [...subscriptions.values()],
    isPart: scope.managementGroups.length > 0 || coverage?.expectedFrom === 'named',
  });
  for (const notice of notices) onNotice?.(notice);
}

/** Finds the rules about a type, once per type and not once per resource. */
function rulesByType(rules: readonly CompiledRule[]): (type: string) => readonly CompiledRule[] {
  const known = new Map<string, readonly CompiledRule[]>();
  return (type) => {
    const found = known.get(type) ?? rules.filter((rule) => rule.appliesTo(type));
    known.set(type, found);
    return found;
  };
}

function allAccountedFor(coverage: Coverage | undefined): boolean {
  return (
    coverage?.subscriptions.every(
      ({ state }) => state === 'read' || state === 'empty' || state === 'disabled',
    ) ?? false
  );
}

function sourceEndedEarly(scope: ReportScope): Unreadable {
  return {
    scope: scope.inventory ?? 'tenant',
    kind: 'interrupted',
    reason: 'The source ended without reporting what it covered.',
    hint: 'Run the scan again; if it happens again, report it as a bug.',
  };
}

const emptyCoverage: Coverage = {
  expectedFrom: 'visible',
  subscriptions: [],
  queries: 0,
  pages: 0,
  retries: 0,
  waitMs: 0,
};
