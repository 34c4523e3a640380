import type { Cloud } from '../../model/cloud.ts';
import { compareText } from '../../model/compare-text.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { ScanReport } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { ScanSources, SourceScope, Subscription } from '../../model/source.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { findingInOrder } from '../../reporters/scan/finding-json.ts';
import type { JoinedEvent } from '../scan/join-sources.ts';
import { type Readable, rulesByType } from '../scan/not-judged.ts';
import { toResourceRow, toResourceStub } from './resource-row.ts';
import { type ArchivedRule, type ArchivedSources, scanLine } from './line-kinds.ts';

/** Keeps what a scan reads, as lines of text, so that it can be judged again. */
export interface ScanRecording {
  /** Takes note of what the sources promise to read. */
  readonly watch: (opened: ScanSources) => ScanSources;
  readonly onEvent: (event: JoinedEvent, readable: Readable) => void;
  /** The scan as an archive holds it: its report, what it judged by, and all that it read. */
  readonly lines: (report: ScanReport, judging: JudgedBy) => readonly string[];
}

/** The rest that a scan was judged by. */
interface JudgedBy {
  readonly exemptions: readonly Exemption[];
  readonly cloud: Cloud;
}

/** Begins before anything is read. `rules` are those that the scan judges by. */
export function beginRecording(rules: readonly CompiledRule[]): ScanRecording {
  let sources: Omit<ArchivedSources, 'cloud'> | undefined;
  let scope: SourceScope | undefined;
  let keepsWhole: ((type: string) => boolean) | undefined;
  const added: Subscription[] = [];
  const unread: string[] = [];
  const rows: { readonly key: string; readonly line: string }[] = [];

  function keep(resource: Resource, readable: Readable): void {
    keepsWhole ??= wholeTypes(rules, readable);
    const row = keepsWhole(resource.type) ? toResourceRow(resource) : toResourceStub(resource);
    rows.push({ key: resource.id.toLowerCase(), line: scanLine('resource', row) });
  }

  return {
    watch(opened) {
      sources = sourcesIn(opened);
      return opened;
    },
    onEvent(event, readable) {
      if (event.kind === 'scope') scope = event;
      else if (event.kind === 'subscriptions') for (const one of event.subscriptions) added.push(one);
      else if (event.kind === 'resources') for (const resource of event.resources) keep(resource, readable);
      else if (event.kind === 'unread') {
        const { resource, types } = event.contents;
        unread.push(scanLine('unread', { resource: toResourceRow(resource), types }));
      } else if (event.kind === 'passed' && event.passed.resources > 0)
        throw new Error('a scan that is archived reads every row');
    },
    lines(report, { exemptions, cloud }) {
      if (sources === undefined || scope === undefined) throw new Error('nothing was read yet');
      return [
        ...reportLines(report),
        scanLine('sources', { ...sources, cloud }),
        ...scopeLines(scope, added),
        ...rules.map((compiled) => scanLine('rule', archived(compiled))),
        ...exemptions.map((exemption) => scanLine('exemption', exemption)),
        ...unread,
        // What is in one order every day is stored as few changes.
        ...rows.toSorted((one, other) => compareText(one.key, other.key)).map(({ line }) => line),
      ];
    },
  };
}

/** A test for types of which all is kept: those that the sources read, and those that a rule is judged on. */
function wholeTypes(rules: readonly CompiledRule[], readable: Readable): (type: string) => boolean {
  const rulesFor = rulesByType(rules, readable);
  return (type) => readable.readsType(type) || rulesFor(type).length > 0;
}

function sourcesIn({ sources, facts = [] }: ScanSources): Omit<ArchivedSources, 'cloud'> {
  const [target, ...parts] = sources;
  const held = [...sources.flatMap(({ holds = [] }) => holds), ...facts];
  return {
    names: [target.name, ...parts.map(({ name }) => name), ...facts.map(({ name }) => name)],
    types: [...new Set(sources.flatMap(({ types }) => types))],
    facts: held.map(({ types, members }) => ({ types, members })),
  };
}

/** They are for readers of the rule, and long. */
function withoutExamples(rule: CompiledRule['rule']): CompiledRule['rule'] {
  return { ...rule, examples: { pass: [], fail: [], notApplicable: [], unknown: [] } };
}

function reportLines(report: ScanReport): readonly string[] {
  const { schemaVersion, tool, startedAt, finishedAt, complete, identity, summary } = report;
  const { relevant: _, judged: __, ...counts } = summary;
  const { subscriptions, ...coverage } = report.coverage;
  const head = { schemaVersion, tool, startedAt, finishedAt, complete, summary: counts };
  return [
    scanLine('report', { ...head, ...(identity === undefined ? {} : { identity }) }),
    scanLine('coverage', coverage),
    ...subscriptions.map((one) => scanLine('coveredSubscription', one)),
    ...report.unreadable.map((entry) => scanLine('unreadable', entry)),
    ...report.rules.map((rule) => scanLine('reportRule', rule)),
    ...report.findings.map((finding) => JSON.stringify({ finding: findingInOrder(finding) })),
  ];
}

function scopeLines(
  { scope, subscriptions, others = [] }: SourceScope,
  added: readonly Subscription[],
): readonly string[] {
  const { subscriptions: inScope, ...asked } = scope;
  return [
    scanLine('scope', asked),
    ...inScope.map((one) => scanLine('scopeSubscription', one)),
    ...subscriptions.map((one) => scanLine('subscription', one)),
    ...others.map((one) => scanLine('otherSubscription', one)),
    ...added.map((one) => scanLine('addedSubscription', one)),
  ];
}

function archived({ rule, parameters, byScope }: CompiledRule): ArchivedRule {
  return { rule: withoutExamples(rule), parameters, ...(byScope === undefined ? {} : { byScope }) };
}
