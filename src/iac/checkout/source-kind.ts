import type { SourceText } from './source-text.ts';

/**
 * True for a file that may hold infrastructure code, by its name: Bicep, ARM JSON, Terraform and OpenTofu, Terragrunt,
 * and their parameters.
 */
export function isSourceName(path: string): boolean {
  return /\.(?:bicep|bicepparam|jsonc?|tf|tofu|tfvars|hcl)$/.test(path) && !path.endsWith('.lock.hcl');
}

/** True when the text is worth keeping: much JSON of a checkout does not belong to a deployment. */
export function isSourceText({ path, text }: SourceText): boolean {
  return (
    !/\.jsonc?$/.test(path) ||
    /\.(?:tfvars|tf|tofu)\.json$/.test(path) ||
    deploymentTextKind(text) !== undefined
  );
}

/**
 * The role of JSON in a deployment, as far as a search for words shows it: its parameters, or a template, or something with
 * templates inside. `undefined` for anything else, above all for JSON schemas, which hold every word of a template.
 */
export function deploymentTextKind(text: string): 'template' | 'parameters' | undefined {
  const schema = /"\$schema"\s*:\s*"([^"]*)"/i.exec(text)?.[1] ?? '';
  if (/deploymentParameters\.json/i.test(schema)) return 'parameters';
  if (/deploymentTemplate\.json/i.test(schema)) return 'template';
  if (/json-schema\.org\//i.test(schema)) return undefined;
  if (schema === '' && unnamedParameters.test(text)) return 'parameters';
  const isTemplate =
    (schema !== '' && embeddedSchema.test(text)) ||
    (/"resources"/i.test(text) && /"contentVersion"/i.test(text));
  return isTemplate ? 'template' : undefined;
}

/** Parameters in a file that names no schema. */
const unnamedParameters =
  /^[^{]*\{(?:\s*"contentVersion"\s*:\s*"[^"]*"\s*,)?\s*"parameters"\s*:\s*\{\s*"[^"]*"\s*:\s*\{\s*"(?:value|reference)"\s*:/i;

const embeddedSchema = /"\$schema"\s*:\s*"[^"]*deploymentTemplate\.json/i;

/** The number of characters of a template that hold the mark of the Bicep compiler. */
export const compiledBeginning = 4_000;

/** True for the text of a template that the Bicep compiler wrote, or for its beginning. */
export function isCompiledText(text: string): boolean {
  return /"_generator"\s*:\s*\{\s*"name"\s*:\s*"bicep"/i.test(text.slice(0, compiledBeginning));
}
