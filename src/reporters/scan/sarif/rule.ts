import type { ReportingDescriptor } from 'sarif';
import type { ReportRule } from '../../../model/report.ts';
import type { ScanReportContext } from '../format.ts';
import { sarifName, sarifText } from '../../text/sarif.ts';
import { controlNames } from '../../words/controls.ts';
import { levelOf, securitySeverity } from './severity.ts';

/** GitHub refuses a rule with more. */
const maxTags = 20;
const maxNameLength = 255;

/** A rule as code scanning shows it: what, why, how to fix it, and how bad it is. */
export function describeRule(
  rule: ReportRule,
  { ruleHelp }: Pick<ScanReportContext, 'ruleHelp'>,
): ReportingDescriptor {
  const help = ruleHelp(rule.id);
  return {
    id: sarifName(rule.id),
    name: pascalCase(rule.name || rule.id),
    shortDescription: { text: sarifText(rule.title || rule.id) },
    fullDescription: { text: sarifText(rule.description || rule.title || rule.id) },
    help: {
      text: help.text || sarifText(rule.description || rule.title || rule.id),
      ...(help.markdown === '' ? {} : { markdown: help.markdown }),
    },
    ...(URL.canParse(rule.helpUri) ? { helpUri: new URL(rule.helpUri).href } : {}),
    defaultConfiguration: { level: levelOf[rule.severity] },
    properties: {
      'security-severity': securitySeverity[rule.severity],
      precision: 'very-high',
      tags: tagsOf(rule),
    },
  };
}

function tagsOf(rule: ReportRule): string[] {
  const tags = ['security', 'azure', 'key-vault', ...controlNames(rule)].map(sarifName);
  return [...new Set(tags)].slice(0, maxTags);
}

function pascalCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  return joined.slice(0, maxNameLength) || 'Rule';
}
