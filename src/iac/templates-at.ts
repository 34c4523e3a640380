import type { Problem } from '../model/errors.ts';
import { readArmText } from './arm/expression.ts';
import { readArmTemplate } from './arm/template.ts';
import { readBicep } from './bicep/template.ts';
import { guarded } from './guarded.ts';
import { readJson } from './json/read-json.ts';
import type { SourceText } from './source-text.ts';
import type { Template } from './template.ts';
import { moduleAt } from './terraform/files.ts';

/** Any template of the files by its key: one that has been read, or read once when it is asked for. */
export function templatesAt(
  files: readonly SourceText[],
  templates: ReadonlyMap<string, Template>,
  problems: Problem[],
): (key: string) => Template | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const others = new Map<string, Template | undefined>();
  const read = (key: string): Template | undefined => {
    const file = byPath.get(key);
    return file === undefined ? moduleAt(key, files, problems) : templateIn(file, problems);
  };
  return (key) => {
    const held = templates.get(key);
    if (held !== undefined) return held;
    if (!others.has(key))
      others.set(
        key,
        guarded(key, problems, () => read(key)),
      );
    return others.get(key);
  };
}

function templateIn(file: SourceText, problems: Problem[]): Template | undefined {
  if (file.path.endsWith('.bicep')) return readBicep(file, problems);
  const document = /\.jsonc?$/.test(file.path) ? readJson(file, problems, readArmText) : undefined;
  return document === undefined ? undefined : readArmTemplate(file, document);
}
