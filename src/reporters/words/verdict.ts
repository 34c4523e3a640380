import type { ScanReport } from '../../model/report.ts';
import { countVaults } from '../scan/vaults.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { count, number } from './counts.ts';
import { judgedRules, notJudgedWords } from './not-judged.ts';

/** The verdict on the whole report. Only `clean` is good news; `empty` judged nothing. */
export interface ScanVerdict {
  readonly kind: 'incomplete' | 'findings' | 'unknown' | 'empty' | 'clean';
  /** One or two sentences. */
  readonly text: string;
}

/** The verdict over a report. An incomplete one is never clean, whatever was found. */
export function verdictOf(report: ScanReport): ScanVerdict {
  const { kind, text } = verdictOnJudged(report);
  return { kind, text: [text, notJudgedWords(report)].filter((part) => part !== '').join(' ') };
}

function verdictOnJudged(report: ScanReport): ScanVerdict {
  const { summary } = report;
  const resources = summary.relevant ?? summary.resources;
  const seen = countResources(report, resources);
  if (!report.complete) return { kind: 'incomplete', text: incomplete(report, seen) };
  if (summary.nonCompliant > 0) return { kind: 'findings', text: `${found(report)} of ${seen}.` };
  if (summary.unknown > 0) {
    const verdicts = count(summary.unknown, 'verdict is', 'verdicts are');
    return { kind: 'unknown', text: `No findings, but ${verdicts} unknown: compliance is not proven.` };
  }
  if (resources === 0) {
    return { kind: 'empty', text: 'No vaults were found, so nothing was checked.' };
  }
  if (summary.compliant + summary.exempt === 0) {
    const found = count(resources, 'resource');
    return { kind: 'empty', text: `No rule applies to the ${found} found, so nothing was checked.` };
  }
  return { kind: 'clean', text: clean(report, resources) };
}

function incomplete(report: ScanReport, seen: string): string {
  const { summary } = report;
  const soFar = summary.nonCompliant > 0 ? `${found(report)} of ${seen}` : `no findings on ${seen}`;
  return `INCOMPLETE: not everything in scope could be read, so the rest may be non-compliant. In what was read: ${soFar}.`;
}

function found(report: ScanReport): string {
  const failed = report.findings.filter((finding) => finding.compliance === 'nonCompliant');
  return `${count(report.summary.nonCompliant, 'finding')} on ${number(countVaults(failed))}`;
}

function clean(report: ScanReport, resources: number): string {
  const { exempt } = report.summary;
  const seen = countResources(report, resources);
  const all = resources === 1 ? `The ${seen}` : `All ${seen}`;
  const verb = resources === 1 ? 'meets' : 'meet';
  const judged = judgedRules(report).length;
  const rules = judged === 1 ? 'the rule' : `all ${judged} rules`;
  const but = exempt === 0 ? '' : `, except for ${count(exempt, 'exemption')}`;
  return `${all} ${verb} ${rules}${but}.`;
}

/** The resources that were scanned, counted: `60 Key Vault resources` (vaults and managed HSMs), `0 vaults`. */
function countResources(report: ScanReport, amount: number): string {
  if (amount === 0) return '0 vaults';
  return isKeyVaultOnly(report) ? count(amount, 'Key Vault resource') : count(amount, 'resource');
}

function isKeyVaultOnly(report: ScanReport): boolean {
  const judged = report.rules.flatMap((rule) => rule.resourceType.toLowerCase().split(', '));
  return judged.every((type) => knownType(type)?.type.startsWith('Microsoft.KeyVault/') === true);
}
