import type { Problem } from '../../model/errors.ts';
import { dataIn } from '../evaluation/data.ts';
import { guarded } from '../guarded.ts';
import type { Piecewise } from '../piecewise.ts';
import { baseName, folderOf } from '../source-path.ts';
import type { SourceText } from '../source-text.ts';
import type { ParameterFile, Template, Written } from '../template.ts';
import { moduleKey } from '../terraform/module-key.ts';
import { isVariablesFile, loadedVariables, overlaid } from '../terraform/variables-file.ts';
import { type Config, readConfig } from './config.ts';
import type { Configs } from './names.ts';
import { unitOf } from './unit.ts';

/** Work that the paths and inputs of all units may cost to work out. */
const steps = 2_000_000;

/** Reads the Terragrunt of a checkout: each `terragrunt.hcl` that runs a module gives it inputs. */
export function* readTerragrunt(
  files: readonly SourceText[],
  templates: ReadonlyMap<string, Template>,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  if (!files.some(({ path }) => baseName(path) === 'terragrunt.hcl')) return [];
  const configs = configsOf(files, problems);
  const isModule = (folder: string): boolean => templates.has(moduleKey(folder));
  const variables = files.filter((file) => isVariablesFile(file.path));
  // Inputs are variables of the environment, which every file that Terraform loads by itself outranks.
  const loaded = (folder: string): ReadonlyMap<string, Written> => loadedVariables(variables, folder, []);
  const read: ParameterFile[] = [];
  for (const { path } of files) {
    if (baseName(path) !== 'terragrunt.hcl') continue;
    yield;
    guarded(path, problems, () => {
      const config = configs.configAt(path);
      const unit = config && unitOf(config, configs, isModule);
      if (unit === undefined) return;
      read.push({
        template: moduleKey(unit.module),
        arguments: overlaid([unit.inputs, ...[unit.module, folderOf(path)].map(loaded)]),
        context: unit.context,
        isOwn: true,
        providers: unit.providers,
      });
    });
  }
  if (configs.budget.steps <= 0) problems.push(endless(configs.root));
  return read;
}

function endless(folder: string): Problem {
  const message = 'too much to work out: not every unit of Terragrunt is known';
  return { file: folder, line: 1, column: 1, message };
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
  const root = sharedFolder([...texts.keys()]);
  return { configAt, texts, root, dataAt: dataIn(texts), budget: { steps, depth: 0 } };
}

/** The folder that all files are below. */
function sharedFolder(paths: readonly string[]): string {
  let shared = folderOf(paths[0] ?? '');
  for (const path of paths) while (shared !== '' && !path.startsWith(`${shared}/`)) shared = folderOf(shared);
  return shared;
}
