import { deploymentTextKind } from './source-kind.ts';
import { folderOf, resolvePath } from './source-path.ts';
import type { SourceText } from './source-text.ts';
import { isModuleFile } from './terraform/module-files.ts';
import { moduleKey } from './terraform/module-key.ts';

/** What the text of a file says without being parsed: rather too much than too little. */
export interface FileLinks {
  /** The key of the template that it is, or is a part of. */
  readonly key: string;
  /** True where it may declare a vault or managed HSM. */
  readonly declares: boolean;
  /** Keys of the templates that it may call. */
  readonly calls: readonly string[];
}

/** The links of a template's file; `undefined` for any other. */
export function linksOf(file: SourceText): FileLinks | undefined {
  const { path, text } = file;
  const folder = folderOf(path);
  if (path.endsWith('.bicep'))
    return { key: path, declares: inBicep.test(text), calls: named(bicepPath, file) };
  if (isModuleFile(file)) {
    const calls = named(moduleSource, file).map(moduleKey);
    return { key: moduleKey(folder), declares: inTerraform.test(text), calls };
  }
  if (!/\.jsonc?$/.test(path) || deploymentTextKind(text) !== 'template') return undefined;
  return { key: path, declares: inJson.test(text), calls: named(relativePath, file) };
}

/** A declared vault, or the Verified Module; `existing` names one that is declared elsewhere. */
const inBicep =
  /'Microsoft\.KeyVault\/(?:vaults|managedHSMs)@[^']*'(?!\s*existing\b)|\bavm\/res\/key-vault\/vault:/i;
const inTerraform =
  /\bazurerm_key_vault(?:_managed_hardware_security_module)?\b|\bavm-res-keyvault-vault\b|\bMicrosoft\.KeyVault\/(?:vaults|managedHSMs)\b/i;
const inJson = /Microsoft\.KeyVault\/(?:vaults|managedHSMs)"/i;

const bicepPath = /'([^'\n]+\.(?:bicep|jsonc?))'/gi;
const moduleSource = /\bsource"?\s*[=:]\s*"(\.[^"\n]*)"/g;
const relativePath = /"relativePath"\s*:\s*"([^"\n]+)"/gi;

function named(pattern: RegExp, { path, text }: SourceText): readonly string[] {
  const folder = folderOf(path);
  return Array.from(text.matchAll(pattern), ([, relative = '']) => resolvePath(folder, relative)).flatMap(
    (target) => target ?? [],
  );
}
