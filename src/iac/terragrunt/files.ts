import type { Problem } from '../../model/errors.ts';
import { guarded } from '../guarded.ts';
import type { Piecewise } from '../piecewise.ts';
import { baseName, folderOf } from '../source-path.ts';
import type { SourceText } from '../source-text.ts';
import type { ParameterFile, Template } from '../template.ts';
import { moduleKey } from '../terraform/module-key.ts';
import { type Config, readConfig } from './config.ts';
import type { Configs } from './names.ts';
import { unitOf } from './unit.ts';

/** Reads the Terragrunt of a checkout: each `terragrunt.hcl` that runs a module gives it inputs. */
export function* readTerragrunt(
  files: readonly SourceText[],
  templates: ReadonlyMap<string, Template>,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  const configs = configsOf(files, problems);
  const isModule = (folder: string): boolean => templates.has(moduleKey(folder));
  const read: ParameterFile[] = [];
  for (const { path } of files) {
    if (baseName(path) !== 'terragrunt.hcl') continue;
    yield;
    guarded(path, problems, () => {
      const config = configs.configAt(path);
      const unit = config && unitOf(config, configs, isModule);
      if (unit === undefined) return;
      read.push({ template: moduleKey(unit.module), arguments: unit.inputs, context: unit.context });
    });
  }
  return read;
}

function configsOf(files: readonly SourceText[], problems: Problem[]): Configs {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const read = new Map<string, Config>();
  const configAt = (path: string): Config | undefined => {
    const text = texts.get(path);
    if (text === undefined || !path.endsWith('.hcl')) return undefined;
    const config = read.get(path) ?? readConfig({ path, text }, problems);
    read.set(path, config);
    return config;
  };
  return { configAt, texts, root: sharedFolder([...texts.keys()]) };
}

/** The folder that all files are below. */
function sharedFolder(paths: readonly string[]): string {
  let shared = folderOf(paths[0] ?? '');
  for (const path of paths) while (shared !== '' && !path.startsWith(`${shared}/`)) shared = folderOf(shared);
  return shared;
}
