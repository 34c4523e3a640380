import { createHash } from 'node:crypto';
import { durationInWords } from '../../model/duration.ts';
import { severities } from '../../model/severity.ts';
import type { ScanReport } from '../../model/report.ts';
import { htmlText } from '../text/html.ts';
import { complianceWords } from '../words/comparison.ts';
import { number } from '../words/counts.ts';
import { identityName } from '../words/coverage.ts';
import { momentWords } from '../words/moment.ts';
import { scopeWords } from '../words/scope.ts';
import { verdictOf } from '../words/verdict.ts';
import { definitions, type HtmlSection } from './html/blocks.ts';
import { type BarPart, shareBar } from './html/charts.ts';
import { controlsSection, coverageSection, incompleteWarning } from './html/coverage.ts';
import { deployedSection } from './html/deployed.ts';
import { findingsSection } from './html/findings.ts';
import { baselineSection, exemptionsSection, trendSection } from './html/over-time.ts';
import { pageScript, pageStyle } from './html/page-assets.ts';
import { heatMapSection, rulesSection } from './html/rules.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';

/**
 * One page for people, which loads nothing: what is missing, the verdict in numbers, where it is, by rule, the coverage, the
 * exemptions, and every finding with its evidence and fix. Its script searches and sorts; without it, everything can be read.
 */
export const html: ScanReportFormat = {
  extension: 'html',
  render,
};

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const sections = [
    trendSection(report, context.trend),
    heatMapSection(report),
    rulesSection(report, context),
    controlsSection(report),
    coverageSection(report),
    deployedSection(report, context.cloud),
    exemptionsSection(report),
    baselineSection(report),
    findingsSection(report, context),
  ].filter((one) => one !== undefined);
  yield headOf(report);
  yield bannerOf(report, sections);
  yield '<main>\n';
  yield* incompleteWarning(report);
  yield overviewOf(report);
  for (const { id, heading, body } of sections) {
    yield `<section id="${id}" aria-labelledby="${id}-heading">\n<h2 id="${id}-heading">${heading}</h2>\n`;
    yield* body;
    yield '</section>\n';
  }
  yield `</main>\n<script>${pageScript}</script>\n</body>\n</html>\n`;
}

/** Nothing is loaded, sent or run but the page's own style and script, which are known by their hashes. */
function contentPolicy(): string {
  return `default-src 'none'; style-src ${hashOf(pageStyle)}; script-src ${hashOf(pageScript)}; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function headOf(report: ScanReport): string {
  const { tool, complete, finishedAt, scope } = report;
  const title = `${complete ? '' : 'INCOMPLETE: '}Azure Key Vault compliance of ${scopeWords(scope)}, ${finishedAt.slice(0, 10)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${htmlText(`${tool.name} ${tool.version}`)}">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${htmlText(title)}</title>
<style>${pageStyle}</style>
</head>
`;
}

/** The theme is chosen by style alone: it needs neither script nor storage. */
function bannerOf({ tool }: ScanReport, sections: readonly HtmlSection[]): string {
  const themes = ['Auto', 'Light', 'Dark'].map(
    (name) =>
      `<label><input type="radio" name="theme" value="${name.toLowerCase()}"${name === 'Auto' ? ' checked' : ''}>${name}</label>`,
  );
  const links = sections.map(({ id, heading }) => `<li><a href="#${id}">${heading}</a></li>`);
  return `<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="banner">
<p class="tool">${htmlText(`${tool.name} ${tool.version}`)}</p>
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>
<fieldset class="theme"><legend>Theme</legend>${themes.join('')}</fieldset>
</header>
`;
}

function overviewOf(report: ScanReport): string {
  const { identity, scope, summary, tool, finishedAt, startedAt } = report;
  const verdict = verdictOf(report);
  const facts = definitions([
    ['Scanned', htmlText(momentWords(finishedAt))],
    ['Scope', htmlText(scopeWords(scope))],
    ['Tenant', identity === undefined ? '' : htmlText(identity.tenantId)],
    ['Signed in as', identity === undefined ? '' : htmlText(identityName(identity))],
    ['Took', durationInWords(Math.max(1, Date.parse(finishedAt) - Date.parse(startedAt)))],
    ['Tool', htmlText(`${tool.name} ${tool.version}`)],
  ]);
  const tiles = severities.map(
    (name) => `<li class="${name}"><b>${number(summary.bySeverity[name])}</b> ${name}</li>`,
  );
  return `<section class="overview" aria-labelledby="title">
<h1 id="title">Azure Key Vault compliance</h1>
<p class="verdict ${verdict.kind}">${htmlText(verdict.text)}</p>
${facts}<h2>At a glance</h2>
<ul class="tiles" aria-label="Findings by severity">${tiles.join('')}</ul>
${verdictChart(report)}</section>
`;
}

/** The verdicts as shares of a bar, and in numbers below it. */
function verdictChart({ summary, complete }: ScanReport): string {
  const kinds = ['nonCompliant', 'unknown', 'exempt', 'compliant'] as const;
  const total = kinds.reduce((sum, kind) => sum + summary[kind], 0);
  const parts = kinds.map((name): BarPart => {
    return { name, amount: summary[name], label: `${number(summary[name])} ${complianceWords[name]}` };
  });
  const keys = parts.map(
    ({ name, amount, label }) =>
      `<li><span class="swatch ${name}"></span>${label}${total === 0 ? '' : ` <small>${shareWords(amount, total)}</small>`}</li>`,
  );
  const ofWhat = complete ? 'verdicts' : 'verdicts on what was read';
  return `<figure>${shareBar(parts, total)}<figcaption>${number(total)} ${ofWhat}; ${number(summary.notApplicable)} more did not apply.<ul class="legend">${keys.join('')}</ul></figcaption></figure>
`;
}

/** Rounded down, so that nearly all is never all; what is there is never nothing. */
function shareWords(amount: number, total: number): string {
  const percent = Math.floor((1000 * amount) / total) / 10;
  return amount > 0 && percent === 0 ? 'below 0.1 %' : `${percent} %`;
}
