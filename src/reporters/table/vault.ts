import stringWidth from 'fast-string-width';
import type { Finding, FindingResource } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { terminalText } from '../text/terminal.ts';
import type { VaultFindings } from '../vaults.ts';
import { exemptionWords } from '../words/exemption.ts';
import { fixLabel } from '../words/fix.ts';
import { kindOf, resourceName } from '../words/scope.ts';
import { evidenceWords } from '../words/values.ts';
import { badge, paragraph, type Look } from './look.ts';
import { pad } from './wrap.ts';

const badgeWidth = 10;
const ruleWidth = 30;

/** What every vault's lines need to know. */
export interface VaultContext {
  readonly report: ScanReport;
  readonly look: Look;
  readonly nameOf: (subscriptionId: string) => string;
}

/** A vault: where it is, then a row for each finding, worst first. */
export function* vaultRows(vault: VaultFindings, context: VaultContext): Iterable<string> {
  const { look, nameOf } = context;
  const { resource } = vault;
  const name = resourceName(resource);
  const place = placeOf(resource, nameOf);
  yield paragraph({ label: '', width: 0, text: name, paint: look.colors.bold }, look);
  if (place !== '') yield paragraph({ label: '  ', width: 2, text: place, paint: look.colors.dim }, look);
  for (const finding of vault.findings) yield row(finding, context);
  yield '\n';
}

function placeOf(resource: FindingResource, nameOf: (id: string) => string): string {
  const { subscriptionId, resourceGroup, location } = resource;
  const parts = [kindOf(resource), nameOf(subscriptionId), resourceGroup, location];
  return parts.filter((part) => part !== '').join(' · ');
}

function row(finding: Finding, context: VaultContext): string {
  const { look } = context;
  const rule = terminalText(`${finding.ruleId} ${finding.ruleName}`);
  const label = `  ${badge(finding, badgeWidth, look)}`;
  const [first = '', ...rest] = facts(finding, context);
  const indent = indentOf(look);
  const below = rest.map((text) => paragraph({ label: ' '.repeat(indent), width: indent, text }, look));
  if (!look.wide || rule.length >= ruleWidth) {
    const head = paragraph({ label, width: 2 + badgeWidth, text: rule }, look);
    return [head, paragraph({ label: ' '.repeat(indent), width: indent, text: first }, look), ...below].join(
      '',
    );
  }
  return [
    paragraph({ label: label + pad(rule, ruleWidth), width: indent, text: first }, look),
    ...below,
  ].join('');
}

function indentOf(look: Look): number {
  return look.wide ? 2 + badgeWidth + ruleWidth : 4;
}

/** What was found and expected, and what can be done; for an exemption who accepted it, and until when. */
function facts(finding: Finding, { report, look }: VaultContext): readonly string[] {
  const found = finding.evidence.length > 0 ? finding.evidence.map(evidenceWords) : [finding.message];
  if (finding.compliance === 'exempt' && finding.exemption !== undefined) {
    return [...found, exemptionWords(finding.exemption, report)];
  }
  const fix = finding.compliance === 'nonCompliant' ? fixLabel(finding.remediation) : '';
  if (fix === '') return found;
  const together = `${found.at(-1)}; ${fix}`;
  const fits = stringWidth(together) <= look.width - indentOf(look);
  return fits ? [...found.slice(0, -1), together] : [...found, fix];
}
