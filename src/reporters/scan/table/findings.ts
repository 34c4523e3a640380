import stringWidth from 'fast-string-width';
import type { Finding } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { badge, besides, paragraph, type TerminalStyle } from '../../terminal/style.ts';
import { fit, fitList, fitsUnbroken, pad } from '../../terminal/wrap.ts';
import { terminalText } from '../../text/terminal.ts';
import { afterState } from '../../words/baseline.ts';
import { count, number } from '../../words/counts.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { kindsAmong } from '../../words/scope.ts';
import { fixLabel } from '../../words/fix.ts';
import { factsOf, foundWords, judgedWithWords } from '../../words/values.ts';
import { failureWords, type FindingGroup, type Grouping } from './groups.ts';
import type { ListingLimits } from './limits.ts';

const badgeWidth = 10;
const indent = 2 + badgeWidth;
const maxSubjectWidth = 48;
const leastFactsWidth = 32;

/** The report whose findings are listed, and the form of the list. */
export interface Listing {
  readonly report: ScanReport;
  readonly style: TerminalStyle;
  /** Every fact and the fix of each finding, on lines of their own; else a line a finding. */
  readonly full: boolean;
  readonly limits: ListingLimits;
}

/** The groups, each below its heading, with a row for each finding; then the number of groups that are not listed. */
export function* findingRows(grouping: Grouping, listing: Listing): Iterable<string> {
  const { style, limits, full } = listing;
  const shown = grouping.groups.slice(0, limits.groups);
  const most = mostOfEach(shown, limits.lines);
  const listed = shown.map(({ findings }, index) => findings.slice(0, most[index]));
  const subject = subjectsOf(listed.flat(), grouping, listing);
  const row = full ? block : line;
  for (const [index, group] of shown.entries()) {
    const findings = listed[index] ?? [];
    yield heading(group, findings.length, style);
    for (const finding of findings) yield row(finding, subject(finding), listing);
    if (full) yield '\n';
  }
  if (shown.length < grouping.groups.length) yield omitted(grouping, shown.length, style);
  if (!full && shown.length > 0) yield '\n';
}

/**
 * The number of findings that are listed of each group, so that all fit into so many lines with their headings: as many of
 * each, and one more of the first. At least one.
 */
function mostOfEach(groups: readonly FindingGroup[], lines: number): readonly number[] {
  const lengths = groups.map(({ findings }) => findings.length);
  let room = lines - groups.length;
  const most = lengths.map(() => 0);
  for (let added = 1; added > 0;) {
    added = 0;
    for (const [index, length] of lengths.entries()) {
      const listed = most[index] ?? 0;
      if (listed === length || (room <= 0 && listed > 0)) continue;
      most[index] = listed + 1;
      room -= 1;
      added += 1;
    }
  }
  return most;
}

/**
 * The subjects of these findings, aligned in columns: with the names of rules, or without them where a terminal has no
 * room for them beside the facts.
 */
function subjectsOf(
  findings: readonly Finding[],
  { subject, shortSubject }: Grouping,
  { full, style }: Listing,
): (finding: Finding) => string {
  const widths = subjectWidths(findings, subject);
  const room = style.columns - indent - widths.reduce((sum, width) => sum + width, 0);
  if (full || room >= leastFactsWidth) return aligned(subject, widths);
  return aligned(shortSubject, subjectWidths(findings, shortSubject));
}

function aligned(subject: Grouping['subject'], widths: readonly number[]): (finding: Finding) => string {
  return (finding) =>
    subject(finding)
      .map((cell, index) => pad(`${cell}  `, widths[index] ?? 0))
      .join('');
}

/** Room for the longest cell of each column within reason, so that the facts of all groups are aligned. */
function subjectWidths(findings: readonly Finding[], subject: Grouping['subject']): readonly number[] {
  const widths: number[] = [];
  for (const finding of findings)
    for (const [index, cell] of subject(finding).entries())
      widths[index] = Math.min(maxSubjectWidth, Math.max(widths[index] ?? 0, stringWidth(cell) + 2));
  return widths;
}

/** The title, the facts about it that fit beside it, and how many of its findings are listed where not all are. */
function heading({ title, aside, findings }: FindingGroup, shown: number, style: TerminalStyle): string {
  const last = `${number(shown)} of ${count(findings.length, 'finding')}`;
  const room = style.columns;
  if (stringWidth(terminalText(title)) > room)
    return paragraph({ label: '', width: 0, text: title, paint: style.colors.bold }, style);
  const named = { name: title, parts: aside, room };
  return `${besides(findings.length > shown ? { ...named, last } : named, style)}\n`;
}

/** A finding on one line: what does not fit is left out, and said to be. */
function line(finding: Finding, subject: string, { report, style }: Listing): string {
  const { dim } = style.colors;
  const start = `  ${badge(finding, badgeWidth, style)}`;
  const room = style.columns - indent - stringWidth(subject);
  const { exemption } = finding;
  if (exemption !== undefined)
    return `${start}${subject}${dim(fit(terminalText(exemptionWords(exemption, report)), room))}\n`;
  const whole = terminalText(afterState(finding, factsOf(finding)).join('; '));
  const short = afterState(finding, shortFactsOf(finding)).map(terminalText);
  const facts = stringWidth(whole) <= room ? whole : fitList(short, room);
  return `${start}${subject}${facts}\n`;
}

/** A finding with every fact and its fix, each on a line of its own. */
function block(finding: Finding, subject: string, { report, style }: Listing): string {
  const badged = `  ${badge(finding, badgeWidth, style)}`;
  const known = [...factsOf(finding), judgedWithWords(finding)].filter((fact) => fact !== '');
  const facts = afterState(finding, known);
  const beside =
    style.wide &&
    facts.every((fact) => fitsUnbroken(terminalText(fact), style.width - indent - stringWidth(subject)));
  const width = beside ? indent + stringWidth(subject) : 4;
  const below = ' '.repeat(width);
  const head = beside ? '' : `${badged}${subject.trimEnd()}\n`;
  const [first = '', ...others] = facts;
  const fix = fixOf(finding, report);
  return [
    head,
    paragraph({ text: first, width, label: beside ? badged + subject : below }, style),
    ...others.map((text) => paragraph({ text, width, label: below }, style)),
    fix === '' ? '' : paragraph({ text: fix, width, label: below, paint: style.colors.dim }, style),
  ].join('');
}

function shortFactsOf({ evidence, message }: Finding): readonly string[] {
  return evidence.length === 0 ? [message] : foundWords(evidence);
}

/** The fix of a finding; for an exemption its owner and its last day. */
function fixOf({ compliance, exemption, remediation }: Finding, report: ScanReport): string {
  if (exemption !== undefined) return exemptionWords(exemption, report);
  return compliance === 'nonCompliant' ? fixLabel(remediation) : '';
}

/** Says how many groups are not listed, and what is wrong with them, so that nothing is hidden silently. */
function omitted({ groups, noun }: Grouping, shown: number, style: TerminalStyle): string {
  const rest = groups.slice(shown);
  const findings = rest.flatMap((group) => group.findings);
  const others =
    noun === undefined
      ? kindsAmong(findings, 'more ')
      : count(rest.length, `more ${noun[0]}`, `more ${noun[1]}`);
  const text = `… and ${others}: ${failureWords(findings)}`;
  return paragraph({ label: '', width: 0, text, paint: style.colors.bold }, style);
}
