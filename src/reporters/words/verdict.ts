import { findingsToShow, type ScanReport } from '../../model/report.ts';
import { countVaults } from '../scan/vaults.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { count, number } from './counts.ts';
import { filteredWords } from './scope.ts';
import { judgedRules, notJudgedWords } from './not-judged.ts';
import { amountsInWords } from './scope.ts';

/** The verdict on the whole report. Only `clean` is good news; `empty` judged nothing. */
export interface ScanVerdict {
  readonly kind: 'incomplete' | 'findings' | 'unknown' | 'empty' | 'clean';
  /** One or two sentences. */
  readonly text: string;
}

/** The verdict over a report. An incomplete one is never clean, whatever was found. */
export function verdictOf(report: ScanReport): ScanVerdict {
  const { kind, text } = verdictOnJudged(report);
  const parts = [text, filteredWords(report), notJudgedWords(report)];
  return { kind, text: parts.filter((part) => part !== '').join(' ') };
}

function verdictOnJudged(report: ScanReport): ScanVerdict {
  const { summary } = report;
  const resources = summary.relevant ?? summary.resources;
  const judged = judgedWords(report);
  if (!report.complete) return { kind: 'incomplete', text: incomplete(report, judged) };
  if (summary.nonCompliant > 0) {
    const found = foundOf(report, judged);
    return { kind: 'findings', text: `${found.charAt(0).toUpperCase()}${found.slice(1)}.` };
  }
  if (summary.unknown > 0) {
    const verdicts = count(summary.unknown, 'verdict is', 'verdicts are');
    return { kind: 'unknown', text: `No findings, but ${verdicts} unknown: compliance is not proven.` };
  }
  if (resources === 0) {
    const how = report.scope.code === undefined ? 'found' : 'declared';
    return { kind: 'empty', text: `No vaults or managed HSMs were ${how}, so nothing was checked.` };
  }
  if (summary.compliant + summary.exempt === 0) {
    const found = count(resources, 'resource');
    return { kind: 'empty', text: `No rule applies to the ${found} found, so nothing was checked.` };
  }
  return { kind: 'clean', text: clean(report, judged) };
}

function incomplete(report: ScanReport, seen: string): string {
  const { summary } = report;
  const soFar = summary.nonCompliant > 0 ? foundOf(report, seen) : `no findings on ${seen}`;
  return `INCOMPLETE: not everything in scope could be read, so the rest may be non-compliant. In what was read: ${soFar}.`;
}

/** `4 findings on 3 of 12 vaults`; of several kinds, the sum stands first: `on 3 of 14 (12 vaults and 2 managed HSMs)`. */
function foundOf(report: ScanReport, judged: string): string {
  const { summary, baseline } = report;
  const failed = findingsToShow(report).filter((finding) => finding.compliance === 'nonCompliant');
  const amounts = Object.values(summary.judged ?? {}).filter((amount) => amount > 0);
  const all = amounts.reduce((sum, amount) => sum + amount, 0);
  const of = amounts.length > 1 ? `${number(all)} (${judged})` : judged;
  const on = `on ${number(countVaults(failed))} of ${of}`;
  if (baseline?.code === undefined) return `${count(summary.nonCompliant, 'finding')} ${on}`;
  const since = `in what has changed since ${baseline.file}`;
  const before = summary.nonCompliant - failed.length;
  const old = `${count(before, 'finding was', 'findings were')} there before`;
  if (failed.length === 0) return `no finding ${since}; ${old}`;
  return `${count(failed.length, 'finding')} ${since}, ${on}${before === 0 ? '' : `; ${old}`}`;
}

/** Claims no more than was judged: neither of a resource that no rule is about, nor of a rule that does not apply to all. */
function clean(report: ScanReport, judged: string): string {
  const { exempt, compliant, notApplicable } = report.summary;
  const rules = judgedRules(report);
  if (compliant === 0)
    return exempt === 1 ? 'The only finding is exempt.' : `${allOf(exempt, true)} findings are exempt.`;
  const but = exempt === 0 ? '' : `, except for ${count(exempt, 'exemption')}`;
  const one = /^1 \D+$/.test(judged);
  const several = /^2 \D+$/.test(judged) ? judged.replace('2', 'Both') : `All ${judged}`;
  const [all, meet] = one ? [judged.replace('1', 'The only'), 'meets'] : [several, 'meet'];
  if (rules.length === 1 && notApplicable > 0) {
    const passing = compliant + exempt;
    const verb = passing === 1 ? 'meets' : 'meet';
    return `${number(passing)} of ${judged} ${verb} the rule${but}; it does not apply to the others.`;
  }
  if (rules.length === 1) return `${all} ${meet} the rule${but}.`;
  const ofAll = notApplicable === 0 && isEachAboutAll(report);
  const which = ofAll ? `${allOf(rules.length)} rules` : `every rule that applies to ${one ? 'it' : 'them'}`;
  return `${all} ${meet} ${which}${but}.`;
}

/** `both` or `all 3`. */
function allOf(amount: number, isFirst = false): string {
  const [both, all] = isFirst ? ['Both', 'All'] : ['both', 'all'];
  return amount === 2 ? both : `${all} ${number(amount)}`;
}

/** True where every rule was judged on every resource. */
function isEachAboutAll({ rules, summary: { judged } }: ScanReport): boolean {
  const types = Object.keys(judged ?? {});
  return judgedRules({ rules }).every(({ resourceType }) => {
    const own = resourceType.toLowerCase().split(', ');
    return types.every((type) => own.includes(type));
  });
}

/**
 * The resources that at least one rule was judged on, counted: `60 vaults and 2 managed HSMs`. In a report that was read back,
 * all that it counts.
 */
function judgedWords({ summary, rules }: ScanReport): string {
  const { judged, relevant = summary.resources } = summary;
  if (judged !== undefined && Object.keys(judged).length > 0)
    return amountsInWords(new Map(Object.entries(judged)));
  if (relevant === 0) return '0 vaults and managed HSMs';
  return isKeyVaultOnly({ rules }) ? count(relevant, 'Key Vault resource') : count(relevant, 'resource');
}

function isKeyVaultOnly({ rules }: Pick<ScanReport, 'rules'>): boolean {
  const judged = rules.flatMap((rule) => rule.resourceType.toLowerCase().split(', '));
  return judged.every((type) => knownType(type)?.type.startsWith('Microsoft.KeyVault/') === true);
}
