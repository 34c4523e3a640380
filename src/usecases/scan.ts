import { type Problem, UsageError } from '../model/errors.ts';
import type { Exemption } from '../model/exemption.ts';
import type { Coverage, Unreadable } from '../model/coverage.ts';
import type { ScanReport } from '../model/report.ts';
import type { ScanSources, SourceScope, Subscription } from '../model/source.ts';
import type { Tool } from '../model/tool.ts';
import { knownType, scannedTypes } from '../resource-types/known-type.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { type ExemptionsInUse, exemptionsInUse } from '../rules/exemptions/effect.ts';
import { type KnownNames, resolveExemptions } from '../rules/exemptions/resolve.ts';
import { reportRule } from './report/report-rule.ts';
import { isFullyCovered } from './scan/join-coverage.ts';
import { joinFacts } from './scan/join-facts.ts';
import { type JoinedEvent, joinSources } from './scan/join-sources.ts';
import { beginJudging, type Judging, type Verdicts } from './scan/judging.ts';
import { isJudgeable, notJudged, type Readable, readableFrom } from './scan/not-judged.ts';

/** Everything that a scan needs; it reads nothing else. */
export interface ScanRequest extends ScanSources {
  readonly tool: Tool;
  readonly rules: readonly CompiledRule[];
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
 * they arrive and then released. Throws what a source throws, when the job cannot be done at all, UsageError where
 * nothing came but types that no rule is about, and PolicyError for an exemption whose name several subscriptions or
 * management groups have.
 */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const startedAt = request.now();
  const outcome = await readAndJudge(request, startedAt);
  const { scope, verdicts, unreadable, coverage } = outcome;
  if (unreadable.length === 0) refuseForeign(verdicts, scope);
  const complete = unreadable.length === 0 && isFullyCovered(coverage);
  if (complete) reportIdleExemptions(outcome, request);
  return {
    schemaVersion: '1.1',
    tool: request.tool,
    startedAt: startedAt.toISOString(),
    finishedAt: request.now().toISOString(),
    complete,
    scope: scope.scope,
    summary: verdicts.summary,
    rules: request.rules.map((compiled) => reportRule(compiled, notJudged(compiled.rule, outcome.readable))),
    findings: verdicts.findings,
    unreadable,
    coverage,
  };
}

/** The resources that were read, and the verdicts on them. */
interface Outcome {
  readonly scope: SourceScope;
  readonly exemptions: ExemptionsInUse;
  readonly verdicts: Verdicts;
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
  readonly readable: Readable;
}

async function readAndJudge(request: ScanRequest, now: Date): Promise<Outcome> {
  const { sources, rules, includeCompliant, signal } = request;
  const events = joinFacts(joinSources(sources, signal), request.facts ?? [], signal);
  try {
    const first = await firstScope(events);
    // A name that several have is refused before Azure is read.
    resolveExemptions(request.exemptions, knownIn(first, now));
    const readable = readableFrom(request);
    const judging = beginJudging({ rules, readable, includeCompliant });
    const { unreadable, coverage, subscriptions } = await judgeEvents(events, judging);
    const scope = withSubscriptions(first, subscriptions);
    const exemptions = exemptionsInUse(resolveExemptions(request.exemptions, knownIn(scope, now)), now);
    const verdicts = judging.verdicts(exemptions, scope.subscriptions);
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

/** Judges all that is read, to its end. */
async function judgeEvents(events: AsyncIterable<JoinedEvent>, judging: Judging): Promise<Accounts> {
  // Two sources may come upon the same gap.
  const unreadable = new Map<string, Unreadable>();
  const subscriptions: Subscription[] = [];
  for await (const event of events) {
    if (event.kind === 'coverage')
      return { unreadable: [...unreadable.values()], subscriptions, coverage: event.coverage };
    if (event.kind === 'unreadable') unreadable.set(JSON.stringify(event.entry), event.entry);
    else if (event.kind === 'subscriptions') for (const one of event.subscriptions) subscriptions.push(one);
    else if (event.kind === 'passed') judging.countPassed(event.passed);
    else if (event.kind === 'unread') judging.judgeUnread(event.contents);
    else if (event.kind === 'resources') for (const resource of event.resources) judging.judge(resource);
  }
  throw new Error('joined sources end with their coverage');
}

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

function reportIdleExemptions(
  { exemptions, scope, coverage }: Outcome,
  { rules, onNotice }: ScanRequest,
): void {
  const notices = exemptions.notices({
    ruleIds: rules.map(({ rule }) => rule.id),
    subscriptions: scope.subscriptions,
    isPart: scope.scope.managementGroups.length > 0 || coverage.expectedFrom === 'named',
  });
  for (const notice of notices) onNotice?.(notice);
}
