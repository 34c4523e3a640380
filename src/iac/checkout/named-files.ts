import { folderOf, resolvePath } from './source-path.ts';
import type { SourceText } from './source-text.ts';

/** Data that infrastructure code may load, by its name. */
export function isDataName(path: string): boolean {
  return /\.(?:jsonc?|ya?ml|txt|csv|tpl|hcl)$/i.test(path);
}

/** Calls that name a file in their first string, as far as infrastructure code is read here. */
const bicepCalls = /\bload(?:Json|Yaml|Text)Content\s*\(\s*'([^'\n]*)'/g;
const terraformCalls = /\b(?:file|find_in_parent_folders)\s*\(\s*"([^"\n]*)"/g;

/**
 * The ends of the paths of the files that the texts load, such as `config/names.json` of
 * `file("${path.module}/../config/names.json")`: every file with such an end may be meant.
 */
export function namedFiles(texts: readonly SourceText[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path, text } of texts) {
    if (/\.jsonc?$/.test(path)) continue;
    const calls = /\.bicep(?:param)?$/.test(path) ? bicepCalls : terraformCalls;
    for (const [, named = ''] of text.matchAll(calls)) {
      const end = endOf(named);
      if (isDataName(end)) names.add(end);
    }
  }
  return names;
}

/** The path after the last folder that the text leaves open. */
function endOf(path: string): string {
  return path.replace(/^.*(?:\}|\.\.)\//u, '').replace(/^(?:\.?\/)+/, '');
}

/** True when a path ends in one of these names, at a folder. */
export function isNamed(path: string, names: ReadonlySet<string>): boolean {
  for (let at = 0; at !== -1; at = path.indexOf('/', at + 1)) {
    if (names.has(path.slice(at === 0 ? 0 : at + 1))) return true;
  }
  return false;
}

/** Texts in quotes that end as a file of infrastructure code, or of its data, does. */
const quotedPath = /(['"])([^'"\r\n]+\.(?:bicep|bicepparam|jsonc?|ya?ml|txt))\1/gi;

/**
 * The paths in the checkout that a Bicep file, a parameter file or an ARM template names: modules, imports, linked templates and
 * data. Some may be no files at all, but none is missing.
 */
export function linkedPaths({ path, text }: SourceText): readonly string[] {
  const folder = folderOf(path);
  const found = Array.from(text.matchAll(quotedPath), ([, , named = '']) => resolvePath(folder, named));
  return [...new Set(found.flatMap((linked) => linked ?? []))];
}
