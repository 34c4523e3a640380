import type { SourceText } from './source-text.ts';

/**
 * True for a file that may hold infrastructure code, by its name: Bicep, ARM JSON, Terraform and OpenTofu, Terragrunt,
 * and their parameters.
 */
export function isSourceName(path: string): boolean {
  return /\.(?:bicep|bicepparam|jsonc?|tf|tofu|tfvars|hcl)$/.test(path) && !path.endsWith('.lock.hcl');
}

/** True when the text is worth keeping: a checkout holds much JSON that has nothing to do with deployments. */
export function isSourceText({ path, text }: SourceText): boolean {
  return !/\.jsonc?$/.test(path) || /\.(?:tfvars|tf|tofu)\.json$/.test(path) || mayDeploy(text);
}

/** True for JSON that can be an ARM template, or its parameters. */
export function mayDeploy(text: string): boolean {
  return /deployment(?:Template|Parameters)\.json|Microsoft\.(?:KeyVault|Resources\/deployments)/i.test(text);
}
