import { tiesBetween } from '../../../model/evidence-words.ts';
import { type Evidence, shownValue } from '../../../model/evidence.ts';
import type { Finding, FindingResource } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import type { Remediation } from '../../../model/rule.ts';
import { severities } from '../../../model/severity.ts';
import { htmlCode, htmlLink, htmlText } from '../../text/html.ts';
import { stateWord } from '../../words/baseline.ts';
import { complianceWords } from '../../words/comparison.ts';
import { count } from '../../words/counts.ts';
import { todayOf } from '../../words/deployed.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixWords } from '../../words/fix.ts';
import { portalAddress } from '../../words/portal.ts';
import { kindOf, resourceName, subscriptionNames } from '../../words/scope.ts';
import { declaredWords, factsOf, valueWords } from '../../words/values.ts';
import type { ScanReportContext } from '../format.ts';
import { worstFirst } from '../order.ts';
import { type HtmlSection, parametersHtml, severityBadge } from './blocks.ts';
import { rowsOnPage } from './page-assets.ts';
import { ruleLinks } from './rules.ts';

/** The rows of a table among those that follow. */
const rowsTogether = 500;

/**
 * The findings, worst first. The first rows are a table; the others are tables inside `noscript`, which a browser that runs scripts
 * takes for one text without markup: it is open at once however many there are, and the page's script makes rows of it as they
 * are looked for. Where no script runs, and in print, they are there like the first. Each row is a line, which the script
 * relies on.
 */
export function findingsSection(report: ScanReport, context: ScanReportContext): HtmlSection {
  return { id: 'findings', heading: 'Findings', body: findingsBody(report, context) };
}

function* findingsBody(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const findings = worstFirst(report.findings);
  const total = count(findings.length, 'finding');
  if (findings.length === 0) {
    yield `<p>${report.complete ? 'No finding.' : 'No finding in what was read.'}</p>\n`;
    return;
  }
  const row = rowsOf(report, context);
  yield filtersFor(report);
  yield `<p id="hits" role="status">${total}, the worst first.</p>\n`;
  yield `<table id="list" class="findings">\n<caption>Findings, with their evidence and fixes</caption>\n${head}<tbody>\n`;
  for (const finding of findings.slice(0, rowsOnPage)) yield row(finding);
  yield `</tbody></table>\n${pager}`;
  if (findings.length <= rowsOnPage) return;
  yield `<p id="rest">These are the first ${rowsOnPage} of ${total}. The page’s script shows the others; where scripts are off, they follow. If neither is so here, open the file in a browser.</p>\n`;
  for (let from = rowsOnPage; from < findings.length; from += rowsTogether) {
    const together = findings.slice(from, from + rowsTogether);
    const places = `${from + 1} to ${from + together.length}`;
    yield `<noscript><div class="chunk"><table class="findings">\n<caption>Findings ${places}</caption>\n${head}<tbody>\n`;
    for (const finding of together) yield row(finding);
    yield '</tbody></table></div></noscript>\n';
  }
}

const columns = ['Severity', 'Verdict', 'Rule', 'Resource', 'Subscription', 'Evidence and fix'];

const head = `<thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>\n`;

/** Shown by the script, without which they are of no use. */
function filtersFor(report: ScanReport): string {
  const nameOf = subscriptionNames(report);
  const { findings } = report;
  const choices: readonly (readonly [name: string, column: number, texts: Iterable<string>])[] = [
    ['Severity', 0, severities],
    ['Verdict', 1, new Set(findings.map(verdictWords).toSorted())],
    ['Rule', 2, new Set(findings.map(({ ruleId, ruleName }) => `${ruleId} ${ruleName}`).toSorted())],
    ['Subscription', 4, new Set(subscriptionsAmong(findings).map(nameOf).toSorted())],
  ];
  const selects = choices.map(([name, column, texts]) => {
    const options = Array.from(texts, (text) => `<option>${htmlText(text)}</option>`).join('');
    return `<label>${name} <select data-column="${column}"><option value="">All</option>${options}</select></label>\n`;
  });
  return `<form id="filters" role="search" aria-label="Findings" hidden>
<label class="wide">Search <input type="search" id="query" autocomplete="off" spellcheck="false"></label>
${selects.join('')}<button type="reset">Clear</button>
</form>
`;
}

const pager = `<nav id="pages" aria-label="Pages of findings" hidden>${['First', 'Previous', 'Next', 'Last'].map((name) => `<button type="button">${name}</button>`).join('')}</nav>\n`;

function subscriptionsAmong(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map(({ resource }) => resource.subscriptionId))].filter((id) => id !== '');
}

function verdictWords(finding: Finding): string {
  return [complianceWords[finding.compliance], stateWord(finding)].filter((word) => word !== '').join(' · ');
}

function rowsOf(report: ScanReport, { cloud }: ScanReportContext): (finding: Finding) => string {
  const nameOf = subscriptionNames(report);
  const linkOf = ruleLinks(report);
  const today = todayOf(report);
  const fixOf = remembered((remediation: Remediation) => htmlText(fixWords(remediation)));
  const placeOf = remembered((id: string) => htmlText(nameOf(id)));
  return (finding) => {
    const { severity, compliance, resource, ruleId, ruleName, exemption } = finding;
    const [fact = '', ...others] = factsOf(finding).map(htmlText);
    const [place, words] = [declaredWords(finding), today(finding)];
    const more = [
      ...others.map((text) => `<p>${text}</p>`),
      evidenceTable(finding.evidence),
      finding.parameters === undefined
        ? ''
        : `<p><b>Judged with:</b> ${parametersHtml(finding.parameters)}</p>`,
      place === '' ? '' : `<p><b>Declared at:</b> ${htmlCode(place)}</p>`,
      words === '' ? '' : `<p><b>In Azure:</b> ${htmlText(words)}</p>`,
      exemption === undefined ? '' : `<p><b>Exempt:</b> ${htmlText(exemptionWords(exemption, report))}</p>`,
      finding.remediation === undefined ? '' : `<p><b>Fix:</b> ${fixOf(finding.remediation)}</p>`,
      `<p><b>Explained, with commands and references:</b> ${linkOf(ruleId)}</p>`,
      `<p class="id">${htmlText(resource.id)}</p>`,
    ];
    return `<tr class="${compliance}"><td>${severityBadge(severity)}</td><td>${verdictWords(finding)}</td><td>${linkOf(ruleId, htmlText(ruleName))}</td><th scope="row">${resourceCell(resource, portalAddress(resource, cloud))}</th><td>${placeOf(resource.subscriptionId)}</td><td><details><summary>${fact}</summary>${more.join('')}</details></td></tr>\n`;
  };
}

function remembered<K>(make: (key: K) => string): (key: K) => string {
  const known = new Map<K, string>();
  return (key) => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    return made;
  };
}

function resourceCell(resource: FindingResource, address: string): string {
  const place = [kindOf(resource), resource.resourceGroup, resource.location].filter((part) => part !== '');
  const name = htmlText(resourceName(resource));
  const linked = address === '' ? name : htmlLink(name, address);
  return place.length === 0 ? linked : `${linked} <small>${place.map(htmlText).join(' · ')}</small>`;
}

function evidenceTable(evidence: readonly Evidence[]): string {
  if (evidence.length === 0) return '';
  const ties = tiesBetween(evidence);
  const rows = evidence.map(({ field, expected, actual }, index) => {
    const tie = ties[index] === '' ? '' : `${ties[index] ?? ''} `;
    return `<tr><td>${htmlCode(field)}</td><td>${tie}${htmlCode(valueWords(expected))}</td><td>${htmlCode(valueWords(shownValue(actual)))}</td></tr>`;
  });
  return `<table class="evidence"><thead><tr><th scope="col">Field</th><th scope="col">Expected</th><th scope="col">Found</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
