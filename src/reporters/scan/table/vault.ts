import stringWidth from 'fast-string-width';

import type { Finding, FindingResource } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { terminalText } from '../../text/terminal.ts';
import type { VaultFindings } from '../vaults.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixLabel } from '../../words/fix.ts';
import { kindOf, resourceName, subscriptionNames } from '../../words/scope.ts';
import { evidenceWords } from '../../words/values.ts';
import { badge, paragraph, type TerminalStyle } from '../../terminal/style.ts';
import { pad } from '../../terminal/wrap.ts';
import { severities } from '../../../model/severity.ts';
import { count, countSeverities } from '../../words/counts.ts';

const badgeWidth = 10;
const maxRuleWidth = 40;

/** The surroundings of every vault's lines. */
export interface VaultContext {
  readonly report: ScanReport;
  readonly style: TerminalStyle;
  readonly nameOf: (subscriptionId: string) => string;
  /** Columns for a rule's id and name, to the left of its facts. */
  readonly ruleWidth: number;
}

/** Room for the longest rule of the report within reason, so that the facts of all vaults are aligned. */
export function contextFor(report: ScanReport, style: TerminalStyle): VaultContext {
  const widths = report.rules.map(({ id, name }) => stringWidth(terminalText(`${id} ${name}`)) + 2);
  const ruleWidth = Math.min(maxRuleWidth, Math.max(0, ...widths));
  return { report, style, nameOf: subscriptionNames(report), ruleWidth };
}

/** A vault: where it is, then a row for each finding, worst first. */
export function* vaultRows(vault: VaultFindings, context: VaultContext): Iterable<string> {
  const { style, nameOf } = context;
  const { resource } = vault;
  yield heading(resourceName(resource), placeOf(resource, nameOf), style);
  for (const finding of vault.findings) yield row(finding, context);
  yield '\n';
}

/** Name and place on one line where they fit, else one below the other. */
function heading(name: string, place: string, style: TerminalStyle): string {
  const { bold, dim } = style.colors;
  const safe = terminalText(name);
  const width = stringWidth(safe) + 2;
  if (width + stringWidth(terminalText(place)) <= style.width) {
    return paragraph({ label: `${bold(safe)}  `, width, text: place, paint: dim }, style);
  }
  const first = paragraph({ label: '', width: 0, text: name, paint: bold }, style);
  return first + paragraph({ label: '  ', width: 2, text: place, paint: dim }, style);
}

function placeOf(resource: FindingResource, nameOf: (id: string) => string): string {
  const { subscriptionId, resourceGroup, location } = resource;
  const parts = [kindOf(resource), nameOf(subscriptionId), resourceGroup, location];
  return parts.filter((part) => part !== '').join(' · ');
}

function row(finding: Finding, context: VaultContext): string {
  const { style, ruleWidth } = context;
  const rule = terminalText(`${finding.ruleId} ${finding.ruleName}`);
  const badged = `  ${badge(finding, badgeWidth, style)}`;
  const indent = style.wide ? 2 + badgeWidth + ruleWidth : 4;
  const below = ' '.repeat(indent);
  const fits = style.wide && stringWidth(rule) < ruleWidth;
  const head = fits ? '' : paragraph({ label: badged, width: 2 + badgeWidth, text: rule }, style);
  const [first = '', ...others] = factsOf(finding);
  const { dim } = style.colors;
  const fix = fixOf(finding, context);
  return [
    head,
    paragraph({ text: first, width: indent, label: fits ? badged + pad(rule, ruleWidth) : below }, style),
    ...others.map((text) => paragraph({ text, width: indent, label: below }, style)),
    fix === '' ? '' : paragraph({ text: fix, width: indent, label: below, paint: dim }, style),
  ].join('');
}

function factsOf({ evidence, message }: Finding): readonly string[] {
  return evidence.length === 0 ? [message] : evidence.map(evidenceWords);
}

/** The fix of a finding; for an exemption its owner and its last day. */
function fixOf({ compliance, exemption, remediation }: Finding, { report }: VaultContext): string {
  if (exemption !== undefined) return exemptionWords(exemption, report);
  return compliance === 'nonCompliant' ? fixLabel(remediation) : '';
}

/** Says how many vaults are not listed, and what is wrong with them, so that nothing is hidden silently. */
export function* omittedRow(vaults: readonly VaultFindings[], style: TerminalStyle): Iterable<string> {
  if (vaults.length === 0) return;
  const findings = vaults.flatMap((vault) => vault.findings);
  const failed = findings.filter(({ compliance }) => compliance === 'nonCompliant');
  const counts = severities.map((name) => [name, failed.filter(({ severity }) => severity === name).length]);
  const bySeverity: Record<(typeof severities)[number], number> = Object.fromEntries(counts);
  const wrong = failed.length === 0 ? 'none of them fails a rule' : `with ${countSeverities(bySeverity)}`;
  const text = `… and ${count(vaults.length, 'more vault')}, ${wrong}. All of them: --output json=report.json`;
  yield paragraph({ label: '', width: 0, text, paint: style.colors.bold }, style);
  yield '\n';
}
