import type { DeclaredToday } from '../../model/deployed.ts';
import type { Finding } from '../../model/finding.ts';
import { joinFirst } from '../../model/join-words.ts';
import type { ScanReport } from '../../model/report.ts';
import { count, number } from './counts.ts';
import { foundWords } from './values.ts';

/** The most rules that a sentence names. */
const mostNamed = 3;

/** The declared resources of which to say what is in Azure: of code that is compared with a commit those that it changes. */
export function deployedToShow({ deployed = [], baseline }: ScanReport): readonly DeclaredToday[] {
  if (baseline?.code === undefined) return deployed;
  const changed = new Set(baseline.code.changed);
  return deployed.filter(({ declared }) => changed.has(declared.id.toLowerCase()));
}

/** The state in Azure of a declared resource: `Deployed, with 1 finding: AKV002 purge-protection.` */
export function deployedWords(today: DeclaredToday): string {
  if (today.state !== 'deployed')
    return `${today.state === 'notDeployed' ? 'Not deployed yet' : 'Not known'}. ${today.reason}`;
  const { findings } = today;
  const failed = findings.filter(({ compliance }) => compliance === 'nonCompliant');
  const unknown = findings.filter(({ compliance }) => compliance === 'unknown').length;
  const names = failed.map(({ ruleId, ruleName }) => `${ruleId} ${ruleName}`);
  const found =
    failed.length === 0
      ? 'without a finding'
      : `with ${count(failed.length, 'finding')}: ${joinFirst(names, mostNamed)}`;
  const rest = unknown === 0 ? '' : ` ${count(unknown, 'verdict is', 'verdicts are')} unknown.`;
  return `Deployed, ${found}.${rest}`;
}

/** The numbers of declared resources by their state in Azure: `1 deployed, 2 not deployed yet`; empty where nobody asked. */
export function deployedCounts(report: ScanReport): string {
  const shown = deployedToShow(report);
  const states = { deployed: 'deployed', notDeployed: 'not deployed yet', notKnown: 'not known' } as const;
  return Object.entries(states)
    .map(([state, words]) => [shown.filter((today) => today.state === state).length, words] as const)
    .flatMap(([amount, words]) => (amount === 0 ? [] : `${number(amount)} ${words}`))
    .join(', ');
}

/** Finds the declared resource that a finding is about, with what is in Azure of it. */
export function deployedOf({ deployed = [] }: ScanReport): (finding: Finding) => DeclaredToday | undefined {
  const byId = new Map(deployed.map((today) => [today.declared.id, today]));
  return ({ resource }) => byId.get(resource.id);
}

/** Finds what to say of Azure beside a finding on code; empty where nobody asked. */
export function todayOf(report: ScanReport): (finding: Finding) => string {
  const declaredIn = deployedOf(report);
  return (finding) => {
    const { ruleId, compliance } = finding;
    const today = declaredIn(finding);
    if (today === undefined || compliance === 'compliant') return '';
    if (today.state !== 'deployed')
      return today.state === 'notDeployed'
        ? 'Not deployed yet.'
        : `What is deployed is not known. ${today.reason}`;
    const live = today.findings.find((one) => one.ruleId === ruleId);
    return liveWords(live, compliance === 'nonCompliant');
  };
}

function liveWords(live: Finding | undefined, isFailing: boolean): string {
  if (live === undefined) return 'Today the rule does not apply to what is deployed.';
  const found = foundWords(live.evidence).join('; ') || live.message;
  switch (live.compliance) {
    case 'compliant':
      return isFailing
        ? `Today ${found}: this code would change that.`
        : `Today ${found}, which is compliant.`;
    case 'nonCompliant':
      return `Today it fails as well: ${found}.`;
    case 'exempt':
      return `Today it is exempt: ${found}.`;
    case 'unknown':
      return 'What is deployed could not be judged.';
  }
}
