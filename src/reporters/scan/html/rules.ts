import type { Compliance, Finding } from '../../../model/finding.ts';
import { groupsBy } from '../../../model/groups-by.ts';
import { joinWords } from '../../../model/join-words.ts';
import type { ReportRule, ScanReport } from '../../../model/report.ts';
import type { Remediation } from '../../../model/rule.ts';
import { severities, severityRank } from '../../../model/severity.ts';
import { htmlLink, htmlText } from '../../text/html.ts';
import { controlNames } from '../../words/controls.ts';
import { number } from '../../words/counts.ts';
import { subscriptionWords } from '../../words/coverage.ts';
import { fixLabel, fixWords } from '../../words/fix.ts';
import { judgedRules } from '../../words/not-judged.ts';
import { resourceScopeWords } from '../../words/resource-scope.ts';
import { subscriptionNames } from '../../words/scope.ts';
import type { NextCommands, ScanReportContext } from '../format.ts';
import { commandBlock, definitions, type HtmlSection, parametersHtml, severityBadge } from './blocks.ts';
import { foldedTable, type HtmlRow, htmlTable } from './tables.ts';

/** The number of findings of each verdict. */
type VerdictCounts = Readonly<Record<Compliance, number>>;

function countsOf(findings: readonly Finding[]): VerdictCounts {
  const counts = { nonCompliant: 0, unknown: 0, exempt: 0, compliant: 0 };
  for (const { compliance } of findings) counts[compliance] += 1;
  return counts;
}

/** Returns links to the rules of a report, where each is explained once: its name is HTML already. */
export function ruleLinks({ rules }: ScanReport): (ruleId: string, name?: string) => string {
  const places = new Map(rules.map(({ id }, index) => [id, `<a href="#rule-${index}">${htmlText(id)}</a>`]));
  return (ruleId, name = '') => `${places.get(ruleId) ?? htmlText(ruleId)}${name === '' ? '' : ` ${name}`}`;
}

/** Each rule with its verdicts, and once what it asks for, how to meet it, and where to read more. */
export function rulesSection(report: ScanReport, { commands }: ScanReportContext): HtmlSection {
  const ofRule = byRule(report.findings);
  const judged = new Set(judgedRules(report));
  const rows = report.rules
    .map((rule, index) => {
      const findings = ofRule.get(rule.id) ?? [];
      return { rule, index, findings, counts: countsOf(findings) };
    })
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map(({ rule, index, findings, counts }): HtmlRow => {
      const fix = findings.find(({ remediation }) => remediation !== undefined)?.remediation;
      const { nonCompliant, unknown, exempt } = counts;
      const amounts = [nonCompliant, unknown, exempt].map(number);
      const more = explanation(rule, { fix, command: commands?.rule(rule.id) });
      return {
        id: `rule-${index}`,
        cells: [
          `${htmlText(rule.id)} ${htmlText(rule.name)}<details><summary>${htmlText(rule.title)}</summary>${more}</details>`,
          severityBadge(rule.severity),
          ...(judged.has(rule) ? amounts : ['not judged', '–', '–']),
          htmlText(fixLabel(fix)),
        ],
      };
    });
  const head = ['Rule', 'Severity', 'Non-compliant', 'Unknown', 'Exempt', 'Fix'];
  const table = { caption: 'Rules and their verdicts', head, rows, numeric: [2, 3, 4] };
  const body = [...htmlTable(table), ...planSteps(commands, report)];
  return { id: 'rules', heading: 'By rule', body };
}

function byRule(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  return new Map(groupsBy(findings, ({ ruleId }) => ruleId).map((all) => [all[0].ruleId, all]));
}

/** Those that failed first, the most severe first. */
function rankOf({ rule, counts }: { readonly rule: ReportRule; readonly counts: VerdictCounts }): number {
  return severityRank(rule.severity) + (counts.nonCompliant > 0 ? 0 : severities.length);
}

function planSteps(commands: NextCommands | undefined, { findings }: ScanReport): readonly string[] {
  const isFixable = findings.some(({ remediation }) => remediation?.patch !== undefined);
  if (commands === undefined || commands.plan.length === 0 || !isFixable) return [];
  return [`<p>Plan the fixes, which changes nothing yet:</p>\n${commandBlock(commands.plan)}\n`];
}

function explanation(
  rule: ReportRule,
  { fix, command }: { readonly fix: Remediation | undefined; readonly command: string | undefined },
): string {
  const scopes = (rule.parametersByScope ?? []).map(
    ({ scope, parameters }) =>
      `<li>${htmlText(resourceScopeWords(scope))}: ${parametersHtml(parameters)}</li>`,
  );
  const facts = definitions([
    ['Fix', htmlText(fixWords(fix))],
    ['Explain it', command === undefined ? '' : commandBlock([command])],
    ['Parameters', parametersHtml(rule.parameters ?? {})],
    ['In some scopes', scopes.length === 0 ? '' : `<ul>${scopes.join('')}</ul>`],
    ['Judged on', htmlText(rule.resourceType)],
    ['Controls', htmlText(controlNames(rule).join(', '))],
    ['Reference', rule.helpUri === '' ? '' : htmlLink(htmlText(rule.helpUri), rule.helpUri)],
  ]);
  return `<p>${htmlText(rule.description)}</p>${facts}`;
}

/** The open findings of each subscription by rule: the more, the deeper the colour behind their number. */
export function heatMapSection(report: ScanReport): HtmlSection | undefined {
  const open = report.findings.filter(
    ({ compliance }) => compliance === 'nonCompliant' || compliance === 'unknown',
  );
  if (open.length === 0) return undefined;
  const { managementGroups } = report.scope;
  const place = managementGroups.length === 0 ? '' : ` in management group ${joinWords(managementGroups)}`;
  const failing = new Set(open.map(({ ruleId }) => ruleId));
  const rules = report.rules
    .filter(({ id }) => failing.has(id))
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const table = {
    caption: 'Open findings by subscription and rule',
    head: ['Subscription', ...rules.map(({ id }) => id), 'All'],
    rows: heatRows(report, { open, rules }),
    numeric: Array.from({ length: rules.length + 1 }, (_, index) => index + 1),
  };
  const body = [
    `<p>Open findings${htmlText(place)}, the most first. A subscription that is not listed has none in what was read of it.</p>\n`,
    ...foldedTable(table, { most: 20, one: 'subscription' }),
  ];
  return { id: 'heat-map', heading: 'By subscription', body };
}

function heatRows(
  report: ScanReport,
  { open, rules }: { readonly open: readonly Finding[]; readonly rules: readonly ReportRule[] },
): readonly HtmlRow[] {
  const placeOf = placesIn(report);
  const groups = groupsBy(open, ({ resource }) => resource.subscriptionId.toLowerCase())
    .map((group) => {
      const ofRule = byRule(group);
      return { group, counts: rules.map(({ id }) => countsOf(ofRule.get(id) ?? [])) };
    })
    .toSorted((a, b) => b.group.length - a.group.length);
  const top = groups.reduce(
    (most, { counts }) => Math.max(most, ...counts.map(({ nonCompliant }) => nonCompliant)),
    // A few findings are no glow, even where there are no more.
    8,
  );
  return groups.map(({ group, counts }) => ({
    cells: [placeOf(group[0].resource.subscriptionId), ...counts.map(heatWords), number(group.length)],
    classes: Object.fromEntries(counts.map((one, index) => [index + 1, `heat-${heatOf(one, top)}`])),
  }));
}

/** The name of a subscription, and its state where not all of it was read: there may be more in it. */
function placesIn(report: ScanReport): (id: string) => string {
  const nameOf = subscriptionNames(report);
  const partly = report.coverage.subscriptions.filter(
    ({ state }) => !['read', 'empty', 'disabled'].includes(state),
  );
  const states = new Map(partly.map((each) => [each.id.toLowerCase(), subscriptionWords(each)]));
  return (id) => {
    const state = states.get(id.toLowerCase());
    const name = htmlText(nameOf(id) || 'no subscription');
    return state === undefined ? name : `${name} <small class="bad">${htmlText(state)}</small>`;
  };
}

function heatWords({ nonCompliant, unknown }: VerdictCounts): string {
  const words = unknown === 0 ? '' : ` <small>${number(unknown)} unknown</small>`;
  return nonCompliant === 0 && unknown > 0 ? words.trim() : `${number(nonCompliant)}${words}`;
}

/** From 0, which is none, to 4: by orders of magnitude, since estates have subscriptions of every size. */
function heatOf({ nonCompliant }: VerdictCounts, top: number): number {
  return Math.ceil((4 * Math.log1p(nonCompliant)) / Math.log1p(top));
}
