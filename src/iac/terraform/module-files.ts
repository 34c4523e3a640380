import type { SourceText } from '../checkout/source-text.ts';

/** True for a file of a Terraform or OpenTofu module, by its name. */
export function isModuleFile({ path }: SourceText): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(path);
}

/**
 * The files of a module that are loaded: OpenTofu ignores `main.tf` next to `main.tofu`, and `main.tf.json`
 * next to `main.tofu.json` (https://opentofu.org/docs/language/files/). A module that has both is deployed with OpenTofu.
 */
export function loadedFiles(files: readonly SourceText[]): readonly SourceText[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.filter(({ path }) => {
    const preferred = path.replace(/\.tf(\.json)?$/, '.tofu$1');
    return preferred === path || !paths.has(preferred);
  });
}

/** The key of the module in a folder. A folder and a file may have the same path in the end. */
export function moduleKey(folder: string): string {
  return `terraform:${folder}`;
}

/** True for the key of a module. */
export function isModuleKey(key: string): boolean {
  return key.startsWith(moduleKey(''));
}

/** The folder of a module by its key. */
export function folderOfKey(key: string): string {
  return key.slice(moduleKey('').length);
}

/** True for a file that Terraform and OpenTofu merge into the others: `override.tf`, `main_override.tf.json`. */
export function isOverrideFile(path: string): boolean {
  return /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/.test(path);
}
