import { type Problem, UsageError } from '../model/errors.ts';
import type { Exemption } from '../model/exemption.ts';
import type { Coverage, Unreadable } from '../model/coverage.ts';
import type { ScanReport } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { ScanSources, SourceScope, Subscription } from '../model/source.ts';
import type { Tool } from '../model/tool.ts';
import { knownType, scannedTypes } from '../resource-types/known-type.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import type { CompiledFilter } from '../rules/filter.ts';
import { type KnownNames, resolveExemptions } from '../rules/exemptions/resolve.ts';
import { type GuardedScope, idleGuards } from '../rules/scopes/notices.ts';
import { reportRule } from './report/report-rule.ts';
import { type Exempting, exempting } from './scan/exempting.ts';
import { isFullyCovered, unknownGaps, withAzureExemptions } from './scan/join-coverage.ts';
import { joinFacts, type JoinedEvent, joinSources, filterResources } from './scan/join-sources.ts';
import { beginJudging, type Judging, type Verdicts } from './scan/judging.ts';
import { isJudgeable, notJudged, type Readable, readableFrom } from './scan/not-judged.ts';

/** Frameworks by name, and every rule that may serve their controls, whether it is selected or not. */
interface AskedFrameworks {
  readonly names: readonly string[];
  readonly among: readonly Rule[];
}

/** Everything that a scan needs; it reads nothing else. */
export interface ScanRequest extends ScanSources {
  readonly tool: Tool;
  readonly rules: readonly CompiledRule[];
  /** The frameworks by whose controls it reports as well. */
  readonly frameworks?: AskedFrameworks | undefined;
  /** Resources that it leaves out are not judged. */
  readonly filter?: CompiledFilter | undefined;
  readonly exemptions: readonly Exemption[];
  /** The clock: also decides which exemptions are in force. */
  readonly now: () => Date;
  /** List compliant verdicts too. They are always counted. */
  readonly includeCompliant: boolean;
  readonly signal: AbortSignal;
  /** Gets all that is read, as it is judged. */
  readonly onEvent?: ((event: JoinedEvent, readable: Readable) => void) | undefined;
  /** Scopes in which nothing may be changed. */
  readonly guarded?: readonly GuardedScope[] | undefined;
  /** Gets a notice for each scope of parameters, and each of these, in which a complete scan found nothing. */
  readonly onIdleScope?: ((notice: Problem, kind: IdleKind) => void) | undefined;
}

type IdleKind = 'parametersWithoutEffect' | 'limitWithoutEffect';

/**
 * Reads every resource once, judges it by every rule, and accounts for what could not be read. Pages are judged as
 * they arrive and then released. Throws what a source throws, when the job cannot be done at all, UsageError where
 * nothing came but types that no rule is about, and PolicyError for an exemption whose name several subscriptions or
 * management groups have.
 */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const startedAt = request.now();
  const outcome = await readAndJudge(request, startedAt);
  const { scope, verdicts, coverage } = outcome;
  const unreadable = withUnknown(distinct([...outcome.unreadable, ...verdicts.gaps]), outcome);
  if (unreadable.length === 0) refuseForeign(verdicts, scope);
  const complete = unreadable.length === 0 && isFullyCovered(coverage);
  const isJudged = ({ rule }: CompiledRule): boolean =>
    notJudged(rule, outcome.readable).length < rule.resourceTypes.length;
  const ruleIds = request.rules.filter(isJudged).map(({ rule }) => rule.id);
  const judged = { ...scope.scope, ruleIds, unreadable, coverage };
  // A filter, of this scan or of the archived one, leaves out what an exemption may be meant for.
  const isFiltered = scope.scope.filter !== undefined;
  const notices = outcome.exemptions.notices(isFiltered ? undefined : judged);
  if (complete && !isFiltered) reportIdleScopes(outcome, request);
  const rules = request.rules.map((compiled) =>
    reportRule(compiled, notJudged(compiled.rule, outcome.readable)),
  );
  return {
    schemaVersion: '1.1',
    tool: request.tool,
    startedAt: startedAt.toISOString(),
    finishedAt: (request.finishedAt ?? request.now()).toISOString(),
    complete,
    scope: scope.scope,
    ...identityOf(request),
    summary: verdicts.summary,
    rules,
    findings: verdicts.findings,
    unreadable,
    coverage,
    ...(notices.length === 0 ? {} : { exemptionNotices: notices }),
    ...(await byControl(request, { rules, verdicts: verdicts.byRule, complete })),
  };
}

/** The verdicts by control, where they are asked for. Most scans do not wait for what knows frameworks. */
async function byControl(
  { frameworks }: ScanRequest,
  { rules, ...outcome }: Pick<ScanReport, 'rules' | 'complete'> & { readonly verdicts: Verdicts['byRule'] },
): Promise<Pick<ScanReport, 'frameworks'>> {
  if (frameworks === undefined || frameworks.names.length === 0) return {};
  const { reportFrameworks } = await import('../rules/frameworks.ts');
  return {
    frameworks: reportFrameworks(frameworks.names, { ...outcome, rules: frameworks.among, selected: rules }),
  };
}

/** The gaps of a scan: of code, values that are not known yet are none. */
function withUnknown(
  gaps: readonly Unreadable[],
  { coverage, readable, verdicts }: Outcome,
): readonly Unreadable[] {
  const isExplained = gaps.length > 0 || !isFullyCovered(coverage) || !readable.readsFilledIn;
  return isExplained ? gaps : unknownGaps(verdicts.findings);
}

/** Each gap once: two sources may come upon the same, and an archived scan has those of its rules. */
function distinct(gaps: readonly Unreadable[]): readonly Unreadable[] {
  return [...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values()];
}

function identityOf({ identity }: ScanSources): Pick<ScanReport, 'identity'> {
  const known = identity?.();
  return known === undefined ? {} : { identity: known };
}

/** The resources that were read, and the verdicts on them. */
interface Outcome {
  readonly scope: SourceScope;
  readonly exemptions: Exempting;
  readonly verdicts: Verdicts;
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
  readonly readable: Readable;
}

async function readAndJudge(request: ScanRequest, now: Date): Promise<Outcome> {
  const { sources, rules, includeCompliant, signal } = request;
  const found = filterResources(joinSources(sources, signal), request.filter, signal);
  const events = joinFacts(found, request.facts ?? [], signal);
  try {
    const first = await firstScope(events);
    // A name that several have is refused before Azure is read.
    resolveExemptions(request.exemptions, knownIn(first, now));
    const readable = readableFrom(request);
    // The rows of an inventory, and an archive of them, tell of subscriptions, and come in any order.
    const told = sources[0].name === 'live' ? knownIn(first, now) : undefined;
    const judging = beginJudging({ rules, readable, includeCompliant, subscriptions: told?.subscriptions });
    const onEvent = (event: JoinedEvent): void => request.onEvent?.(event, readable);
    onEvent({ kind: 'scope', ...first });
    const [accounts, azure] = await Promise.all([
      judgeEvents(events, { judging, onEvent, letRequestsPass: request.letRequestsPass }),
      request.azureExemptions?.read(signal, first),
    ]);
    const { unreadable, coverage } = withAzureExemptions(accounts, azure);
    const scope = withSubscriptions(first, accounts.subscriptions);
    const exemptions = await exempting({
      own: resolveExemptions(request.exemptions, knownIn(scope, now)),
      azure,
      rules: rules.map(({ rule }) => rule),
      subscriptions: scope.subscriptions,
      now,
    });
    const verdicts = judging.verdicts(exemptions.exemptionOf, knownIn(scope, now).subscriptions);
    // An inventory may hold types that no source announces.
    const readsType = (type: string): boolean =>
      readable.readsType(type) || (verdicts.hasSeen(type) && isJudgeable(type, readable));
    return { scope, exemptions, verdicts, unreadable, coverage, readable: { ...readable, readsType } };
  } finally {
    await events.return();
  }
}

async function firstScope(events: AsyncIterator<JoinedEvent>): Promise<SourceScope> {
  const { value, done } = await events.next();
  if (done !== true && value.kind === 'scope') return value;
  throw new Error('joined sources begin with their scope');
}

function knownIn({ subscriptions, others = [] }: SourceScope, now: Date): KnownNames {
  return { subscriptions: [...subscriptions, ...others], now };
}

function withSubscriptions({ scope, ...rest }: SourceScope, added: readonly Subscription[]): SourceScope {
  const named = added.map(({ id, name }) => ({ id, name }));
  return {
    ...rest,
    scope: { ...scope, subscriptions: [...scope.subscriptions, ...named] },
    subscriptions: [...rest.subscriptions, ...added],
  };
}

/** All that a scan has read, but for the resources, which are judged and released. */
interface Accounts extends Pick<Outcome, 'unreadable' | 'coverage'> {
  /** Those that the scope did not name. */
  readonly subscriptions: readonly Subscription[];
}

interface JudgingOfEvents {
  readonly judging: Judging;
  readonly onEvent: (event: JoinedEvent) => void;
  readonly letRequestsPass: ScanSources['letRequestsPass'];
}

/** Judges all that is read, to its end. */
async function judgeEvents(
  events: AsyncIterable<JoinedEvent>,
  { judging, onEvent, letRequestsPass }: JudgingOfEvents,
): Promise<Accounts> {
  const unreadable: Unreadable[] = [];
  const subscriptions: Subscription[] = [];
  for await (const event of events) {
    onEvent(event);
    if (event.kind === 'coverage') return { unreadable, subscriptions, coverage: event.coverage };
    if (event.kind === 'unreadable') unreadable.push(event.entry);
    else if (event.kind === 'subscriptions') for (const one of event.subscriptions) subscriptions.push(one);
    else if (event.kind === 'passed') judging.countPassed(event.passed);
    else if (event.kind === 'unread') judging.judgeUnread(event.contents);
    else if (event.kind === 'resources')
      for (const [index, resource] of event.resources.entries()) {
        if (index % judgedTogether === 0) await letRequestsPass?.();
        judging.judge(resource);
      }
  }
  throw new Error('joined sources end with their coverage');
}

/** Some milliseconds' worth, where all of them fail: a page of a thousand would keep the quota waiting. */
const judgedTogether = 50;

/** Throws UsageError where all that came is of types that no rule is about: a green result would prove nothing. */
function refuseForeign({ summary, foreign }: Verdicts, { scope }: SourceScope): void {
  if (foreign.size === 0 || summary.relevant > 0) return;
  const named = [...foreign].map(([type, count]) => `${count} of ${type}`);
  const shown = named.slice(0, maxTypesNamed).join(', ');
  const more = named.length > maxTypesNamed ? ` and ${named.length - maxTypesNamed} more types` : '';
  const where = scope.inventory === undefined ? 'What was read' : `The inventory ${scope.inventory}`;
  throw new UsageError(
    `${where} holds ${scannedTypes.map((type) => `no ${knownType(type)?.words.one}`).join(' and ')}, only ${shown}${more}.`,
    `A scan judges ${scannedTypes.join(' and ')}, not what was deleted or is inside of them. Export those, or an empty list, [], where there are none.`,
  );
}

const maxTypesNamed = 5;

function reportIdleScopes(
  { verdicts, scope, coverage }: Outcome,
  { onIdleScope, guarded = [] }: ScanRequest,
): void {
  const isPart = scope.scope.managementGroups.length > 0 || coverage.expectedFrom === 'named';
  const background = { subscriptions: scope.subscriptions, isPart };
  for (const notice of verdicts.idleScopes(background)) onIdleScope?.(notice, 'parametersWithoutEffect');
  for (const notice of isPart ? [] : idleGuards(guarded, background))
    onIdleScope?.(notice, 'limitWithoutEffect');
}
