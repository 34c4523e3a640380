import { valueOrWords } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import { markdownCode, markdownText } from '../../text/markdown.ts';
import type { VaultFindings } from '../vaults.ts';
import { count } from '../../words/counts.ts';
import { kindOf, resourceName } from '../../words/scope.ts';
import { valueWords } from '../../words/values.ts';
import type { Block } from './cut.ts';
import { ruleCell, verdictWord } from './findings.ts';

/** One collapsed section a vault: where it is, and every fact behind its verdicts. Never torn. */
export function* evidenceBlocks(
  vaults: readonly VaultFindings[],
  nameOf: (subscriptionId: string) => string,
): Iterable<Block> {
  let heading = '\n### Evidence\n';
  for (const vault of vaults) {
    // Other verdicts have a row in a table above; these appear only here.
    const findings = vault.findings.filter(({ compliance }) => compliance === 'compliant').length;
    yield { text: heading + sectionOf(vault, nameOf), findings };
    heading = '';
  }
}

function sectionOf({ resource, findings }: VaultFindings, nameOf: (id: string) => string): string {
  const summary = `${markdownCode(resourceName(resource))} ${count(findings.length, 'verdict')}`;
  const place = [
    kindOf(resource),
    nameOf(resource.subscriptionId),
    resource.resourceGroup,
    resource.location,
  ].filter((part) => part !== '');
  const rows = findings.flatMap(factRows).map((cells) => `| ${cells.join(' | ')} |\n`);
  return [
    `\n<details><summary>${summary}</summary>\n\n`,
    `Where: ${place.map((part) => markdownText(part)).join(' · ')}\n\n`,
    `${markdownCode(resource.id)}\n\n`,
    '| Verdict | Rule | Field | Expected | Found |\n| --- | --- | --- | --- | --- |\n',
    ...rows,
    '\n</details>\n',
  ].join('');
}

function factRows(finding: Finding): readonly (readonly string[])[] {
  const start = [verdictWord(finding), ruleCell(finding)];
  if (finding.evidence.length === 0) return [[...start, '', '', markdownText(finding.message)]];
  return finding.evidence.map(({ field, expected, actual }) => [
    ...start,
    markdownCode(field),
    markdownCode(valueWords(expected)),
    markdownCode(valueWords(valueOrWords(actual))),
  ]);
}
