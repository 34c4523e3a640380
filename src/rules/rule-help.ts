import type { Risk } from '../model/risk.ts';
import type { Rule } from '../model/rule.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { ResourceType, TerraformArgument } from '../resource-types/resource-type.ts';
import { describeCondition } from './condition/describe-condition.ts';

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
    ...fixCode(rule).map(({ name, language, text }) => `${name}:\n\n\`\`\`${language}\n${text}\n\`\`\``),
    rule.references.map((link) => `- <${link}>`).join('\n'),
  ];
  return {
    text: [rule.description, risk, manual].filter((part) => part !== '').join(' '),
    markdown: markdown.filter((part) => part !== '').join('\n\n'),
  };
}

/** The meaning of each risk to the owner of a vault. */
export const riskInWords: Readonly<Record<Risk, string>> = {
  safe: 'Safe: no one loses access or data.',
  disruptive: 'Disruptive: current users may lose access.',
  irreversible: 'Irreversible: it can never be undone.',
};

/** A piece of code that makes a rule's change, and the name of its language for a reader. */
interface FixCode {
  readonly kind: 'code';
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

/** The code that makes a rule's change by hand: the Azure CLI, Bicep and Terraform; empty where no write fixes it. */
export function fixCode(rule: Rule): readonly FixCode[] {
  const { bicep, terraform } = declaredFix(rule);
  const blocks = [
    { name: 'Azure CLI', language: 'sh', text: fixCommand(rule) },
    { name: 'Bicep', language: 'bicep', text: bicep },
    { name: 'Terraform', language: 'hcl', text: terraform },
  ];
  return blocks.flatMap(({ text, ...rest }) => (text === undefined ? [] : [{ kind: 'code', text, ...rest }]));
}

/** A rule's fix as infrastructure code; a language is absent where the fix cannot be declared in it. */
interface DeclaredFix {
  readonly bicep?: string;
  readonly terraform?: string;
}

/** The change of a rule's patch as Bicep and Terraform declare it. */
export function declaredFix({ remediation, resourceTypes: types }: Rule): DeclaredFix {
  const patch = remediation?.patch;
  const known = knownType(types[0] ?? '');
  if (patch === undefined || known === undefined) return {};
  const terraform = terraformLines(known, patch);
  return {
    bicep: [`resource vault '${known.type}@${known.apiVersion}' = {`, ...bicepLines(patch, '  '), '}'].join(
      '\n',
    ),
    ...(terraform.length === 0 ? {} : { terraform: terraform.join('\n') }),
  };
}

function bicepLines(body: JsonObject, indent: string): readonly string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    if (!isJsonObject(value)) return `${indent}${key}: ${literal(value ?? null, "'")}`;
    return [`${indent}${key}: {`, bicepLines(value, `${indent}  `), `${indent}}`].flat();
  });
}

function terraformLines({ terraform }: ResourceType, { properties }: JsonObject): readonly string[] {
  if (terraform === undefined || !isJsonObject(properties)) return [];
  const lines = Object.entries(properties).flatMap(([key, value]) => {
    const argument = terraform.arguments.find(
      ({ property, written }) => written === true && property === key,
    );
    if (argument === undefined) return [];
    if (argument.block !== undefined) return isJsonObject(value) ? blockLines(argument, value) : [];
    return `  ${argument.name} = ${literal(value ?? null, '"')}`;
  });
  return lines.length === 0 ? [] : [`resource "${terraform.resource}" "vault" {`, ...lines, '}'];
}

/** Every argument of a block is written: it needs them all. */
function blockLines({ name, block = [] }: TerraformArgument, value: JsonObject): readonly string[] {
  const width = Math.max(...block.map((argument) => argument.name.length));
  const lines = block.map(
    (argument) =>
      `    ${argument.name.padEnd(width)} = ${literal(value[argument.property] ?? argument.otherwise, '"')}`,
  );
  return [`  ${name} {`, ...lines, '  }'];
}

function literal(value: Json, quote: string): string {
  return typeof value === 'string' ? `${quote}${value}${quote}` : JSON.stringify(value);
}

/**
 * The Azure CLI command that makes a rule's change and nothing else, or `undefined` where no write fixes it.
 * `az keyvault update` is not used: it reads the vault and puts it back whole, and so undoes what others change
 * meanwhile. A change inside an object has no command: ARM replaces the object whole, and the rest of it is the vault's
 * own; `purgeproof plan` sends it complete.
 */
export function fixCommand({ remediation, resourceTypes: types }: Rule): string | undefined {
  const patch = remediation?.patch;
  if (patch === undefined || !isJsonObject(patch['properties'])) return undefined;
  if (Object.values(patch['properties']).some((value) => typeof value === 'object')) return undefined;
  const known = knownType(types[0] ?? '');
  if (known === undefined) return undefined;
  const id = `/subscriptions/<subscription>/resourceGroups/<group>/providers/${known.type}/<name>`;
  return [
    'az rest --method patch \\',
    `  --url "https://management.azure.com${id}?api-version=${known.apiVersion}" \\`,
    `  --body '${JSON.stringify(patch)}'`,
  ].join('\n');
}
