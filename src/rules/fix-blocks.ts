import type { Rule } from '../model/rule.ts';
import { declaredFix } from './declared-fix.ts';
import { fixCommand } from './fix-command.ts';

/** Instructions for making a rule's change by hand, in Markdown: the Azure CLI, Bicep and Terraform; empty where no write fixes it. */
export function fixBlocks(rule: Rule): readonly string[] {
  const { bicep, terraform } = declaredFix(rule);
  const blocks = [
    { name: 'Azure CLI', language: 'sh', code: fixCommand(rule) },
    { name: 'Bicep', language: 'bicep', code: bicep },
    { name: 'Terraform', language: 'hcl', code: terraform },
  ];
  return blocks.flatMap(({ name, language, code }) =>
    code === undefined ? [] : [`${name}:\n\n\`\`\`${language}\n${code}\n\`\`\``],
  );
}
