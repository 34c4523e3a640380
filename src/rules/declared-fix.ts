import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { ResourceType, TerraformArgument } from '../resource-types/resource-type.ts';
import type { Rule } from '../model/rule.ts';

/** A rule's fix as infrastructure code; a language is absent where the fix cannot be declared in it. */
export interface DeclaredFix {
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
