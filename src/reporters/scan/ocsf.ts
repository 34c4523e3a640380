import { createHash } from 'node:crypto';
import { type ControlRule, mappedByWords, type ReportControl } from '../../model/control.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { groupsBy } from '../../model/groups-by.ts';
import type { ScanReport } from '../../model/report.ts';
import { jsonLine } from '../json-stream.ts';
import { controlReasons, controlSentence } from '../words/controls.ts';
import { coverageWords, gapWords, subscriptionOfGap } from '../words/coverage.ts';
import { deployedCounts, deployedOf, todayOf } from '../words/deployed.ts';
import { leftOutParts, notJudgedRules } from '../words/not-judged.ts';
import { subscriptionNames } from '../words/scope.ts';
import { verdictOf } from '../words/verdict.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { type EventParts, eventsOf, resultNumbers } from './ocsf/event.ts';
import { type FindingContext, findingEvent, worstSeverity } from './ocsf/finding.ts';
import { worstFirst } from './order.ts';

/**
 * OCSF for SIEMs and security lakes: Compliance Findings, one a line. The first is about the scan, and passes only where
 * everything in scope was read: without it, the file of a clean scan would be that of none. Then come the gaps, the controls
 * that were asked for, the findings, worst first, and then those that are gone since the baseline.
 */
export const ocsf: ScanReportFormat = {
  extension: 'ndjson',
  render,
};

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const event = eventsOf(report, context);
  const nameOf = subscriptionNames(report);
  yield jsonLine(event(scanEvent(report, context)));
  for (const gaps of groupsBy(report.unreadable, scopeKey))
    yield jsonLine(event(gapEvent(gaps, { report, nameOf })));
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const place = [context.codeScanning.category ?? '', ...scopeOf(report)];
  for (const { name, controls } of report.frameworks ?? [])
    for (const control of controls)
      yield jsonLine(
        event({ ...controlEvent(name, control, rules), uid: uidOf(['control', name, control.id, ...place]) }),
      );
  const around = { report, rules, nameOf, today: todayOf(report), deployed: deployedOf(report) };
  for (const finding of worstFirst(report.findings)) yield jsonLine(event(findingEvent(finding, around)));
  for (const finding of worstFirst(report.baseline?.gone ?? []))
    yield jsonLine(event(findingEvent({ ...finding, baselineState: 'absent' }, around)));
}

const coverageCheck = 'coverage';

function scanEvent(report: ScanReport, { codeScanning }: ScanReportContext): EventParts {
  const { complete } = report;
  const notJudged = notJudgedRules(report).map(
    ({ rule, type, reason }) => `${rule.id} ${rule.name} was not judged on ${type}: ${reason}`,
  );
  const deployed = deployedCounts(report);
  const today = deployed === '' ? [] : [`In Azure today: ${deployed}.`];
  return {
    severity: complete ? 'Informational' : worstSeverity(report.rules),
    status: complete ? 'Resolved' : 'New',
    result: complete ? 'Pass' : 'Warning',
    code: complete ? 'complete' : 'incomplete',
    uid: uidOf(['scan', codeScanning.category ?? '', ...scopeOf(report)]),
    title: complete ? 'Everything in scope was read' : 'Not everything in scope was read',
    message: verdictOf(report).text,
    check: coverageCheck,
    details: [coverageWords(report), ...notJudged, ...leftOutParts(report), ...today],
  };
}

/** A control of a framework as an event, with its rules as checks. Only one that is compliant passes. */
function controlEvent(
  framework: string,
  control: ReportControl,
  rules: FindingContext['rules'],
): Omit<EventParts, 'uid'> {
  const { id, title, verdict } = control;
  const name = `${framework}/${id}`;
  const result = resultOf(verdict);
  const failing = control.rules.flatMap((one) =>
    resultOf(one.verdict) === result ? (rules.get(one.ruleId) ?? []) : [],
  );
  return {
    severity: result === 'Pass' ? 'Informational' : worstSeverity(failing),
    status: result === 'Pass' ? 'Resolved' : verdict === 'exempt' ? 'Suppressed' : 'New',
    result,
    code: verdict,
    title: title === undefined ? name : `${name} ${title}`,
    message: controlSentence(framework, control),
    check: name,
    details: [
      ...controlReasons(control),
      ...(control.coverage === 'part' ? ['Its rules check a part of it.'] : []),
    ],
    compliance: {
      control: id,
      standards: [framework],
      requirements: [name],
      ...(title === undefined ? {} : { desc: title }),
      checks: control.rules.map(({ ruleId, mappedBy, verdict }) => ({
        uid: ruleId,
        name: rules.get(ruleId)?.title ?? ruleId,
        desc: `Mapped by ${mappedByWords[mappedBy]}.`,
        standards: [framework],
        ...resultNumbers(resultOf(verdict)),
      })),
    },
  };
}

/** `Fail` for what is exempt as well, as for findings; `Warning` for whatever has no result. */
function resultOf(verdict: ControlRule['verdict']): EventParts['result'] {
  if (verdict === 'compliant') return 'Pass';
  return verdict === 'nonCompliant' || verdict === 'exempt' ? 'Fail' : 'Warning';
}

/** The requested scope: the same in the next scan, whatever is in it by then. */
function scopeOf({ scope, coverage, identity }: ScanReport): readonly string[] {
  const { inventory, managementGroups, subscriptions } = scope;
  const named = coverage.expectedFrom === 'named' ? subscriptions.map(({ id }) => id) : [];
  return [inventory ?? identity?.tenantId ?? '', ...managementGroups.toSorted(), ...named.toSorted()];
}

/** A thing that could not be read, with every reason for it. What hides in it may be as bad as anything. */
function gapEvent(
  gaps: readonly [Unreadable, ...Unreadable[]],
  { report, nameOf }: Pick<FindingContext, 'report' | 'nameOf'>,
): EventParts {
  const [gap] = gaps;
  const what = gapWords(gap, nameOf);
  const id = subscriptionOfGap(gap);
  const desc = gaps.map(({ hint }) => hint).filter((hint) => hint !== '');
  return {
    severity: worstSeverity(report.rules),
    status: 'New',
    result: 'Warning',
    code: 'unreadable',
    uid: uidOf(['gap', scopeKey(gap)]),
    title: `Could not be read: ${what}`,
    message: `${what} could not be read: ${gaps.map(({ reason }) => reason).join(' ')}`,
    check: coverageCheck,
    details: gaps.map(({ reason }) => reason),
    subscription: id === undefined ? undefined : { id, name: nameOf(id) },
    rest: {
      resources: [{ uid: gap.scope, type: gap.kind, ...(id === undefined ? {} : { namespace: id }) }],
      ...(desc.length === 0 ? {} : { remediation: { desc: desc.join(' ') } }),
    },
  };
}

function scopeKey({ kind, scope }: Unreadable): string {
  return `${kind}\n${scope.toLowerCase()}`;
}

/** Of the form of a fingerprint. */
function uidOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
