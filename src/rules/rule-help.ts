import type { Risk } from '../model/risk.ts';
import type { Rule } from '../model/rule.ts';
import { describeCondition } from './condition/words.ts';
import { fixBlocks } from './fix-blocks.ts';

/** The meaning of each risk to the owner of a vault. */
export const riskInWords: Readonly<Record<Risk, string>> = {
  safe: 'Safe: no one loses access or data.',
  disruptive: 'Disruptive: current users of the vault may lose access.',
  irreversible: 'Irreversible: once made, the change can never be undone, by anyone.',
};

/** A rule explained at the length of a code scanning alert: why it matters, what is checked, how to fix it. */
export function ruleHelp(rule: Rule): { readonly text: string; readonly markdown: string } {
  const { remediation } = rule;
  const risk = remediation === undefined ? '' : riskInWords[remediation.risk];
  const manual = remediation?.manual ?? '';
  const markdown = [
    rule.description,
    `**What is checked**\n\n${describeCondition(rule.require).join('\n')}`,
    remediation === undefined ? '' : `**How to fix it**\n\n${risk}`,
    manual,
    ...fixBlocks(rule),
    rule.references.map((link) => `- <${link}>`).join('\n'),
  ];
  return {
    text: [rule.description, risk, manual].filter((part) => part !== '').join(' '),
    markdown: markdown.filter((part) => part !== '').join('\n\n'),
  };
}
