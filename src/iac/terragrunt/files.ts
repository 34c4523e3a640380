import type { Problem } from '../../model/errors.ts';
import { baseName, folderOf } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { type Budget, shareOf, spend } from '../evaluation/budget.ts';
import { dataIn } from '../evaluation/data.ts';
import { guarded } from '../guarded.ts';
import { optional } from '../optional.ts';
import type { Piecewise } from '../piecewise.ts';
import { emptyProgram, type EvaluateIn, type Program } from '../programs/program.ts';
import type { ParameterFile, Template, LocatedValue, ProviderBlock } from '../programs/template.ts';
import { moduleKey } from '../terraform/module-files.ts';
import {
  isVariablesFile,
  loadedVariables,
  overlaid,
  readVariablesFile,
} from '../terraform/variables-file.ts';
import { type TerragruntConfig, type TerragruntConfigs, readConfig, pathIn } from './config.ts';
import { type Expression, textOf } from '../languages/expression.ts';
import {
  generatedProviders,
  type IncludedConfig,
  inputsOf,
  type NamedConfig,
  namedVariables,
  subscriptionIn,
} from './inputs.ts';
import { namesAt, placeAt } from './names.ts';

/** Work that the paths and inputs of all units may cost to work out, and one value among them. */
const most = { steps: 2_000_000, stepsOfOne: 20_000 };

/** The templates that Terragrunt may run, and the evaluation of what its files say. */
interface RunContext {
  readonly templates: ReadonlyMap<string, Template>;
  readonly evaluateIn: EvaluateIn;
}

/** Reads the Terragrunt of a checkout: each `terragrunt.hcl` that runs a module gives it inputs. */
export function* readTerragrunt(
  files: readonly SourceText[],
  { templates, evaluateIn }: RunContext,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  if (!files.some(({ path }) => baseName(path) === 'terragrunt.hcl')) return [];
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const budget: Budget = { steps: most.steps, depth: 0 };
  const configs: TerragruntConfigs = {
    configAt: configsIn(texts, problems),
    texts,
    root: sharedFolder([...texts.keys()]),
    valuesIn: boundedBy(budget, evaluateIn, { ...emptyProgram, dataAt: dataIn(texts) }),
  };
  const isModule = (folder: string): boolean => templates.has(moduleKey(folder));
  const variables = files.filter((file) => isVariablesFile(file.path));
  // Inputs are variables of the environment, which every file that Terraform loads by itself outranks.
  const loaded = (folder: string): ReadonlyMap<string, LocatedValue> =>
    loadedVariables(variables, folder, []);
  const read: ParameterFile[] = [];
  for (const { path } of files) {
    if (baseName(path) !== 'terragrunt.hcl') continue;
    yield;
    guarded(path, problems, () => {
      const config = configs.configAt(path);
      const unit = config && unitOf(config, configs, isModule);
      if (unit === undefined) return;
      read.push({
        file: path,
        template: moduleKey(unit.module),
        arguments: overlaid([
          unit.inputs,
          ...[unit.module, folderOf(path)].map(loaded),
          ...unit.variables.map((file) => readVariablesFile(file, [])),
        ]),
        context: unit.context,
        isOwn: true,
        providers: unit.providers,
        ...optional('subscription', unit.subscription),
      });
    });
  }
  if (budget.steps <= 0) problems.push(endless(configs.root));
  return read;
}

function endless(folder: string): Problem {
  const message = 'too much to work out: not every unit of Terragrunt is known';
  return { file: folder, line: 1, column: 1, message };
}

/** Finds the Terragrunt file of a path, and reads it once. */
function configsIn(texts: ReadonlyMap<string, string>, problems: Problem[]): TerragruntConfigs['configAt'] {
  const read = new Map<string, TerragruntConfig>();
  return (path) => {
    const text = texts.get(path);
    if (text === undefined || !path.endsWith('.hcl')) return undefined;
    const config = read.get(path) ?? readConfig({ path, text }, problems);
    read.set(path, config);
    return config;
  };
}

/** Works out values, each for a share of the budget. */
function boundedBy(budget: Budget, evaluateIn: EvaluateIn, program: Program): TerragruntConfigs['valuesIn'] {
  return (names, expression) => {
    const share = shareOf(budget, most.stepsOfOne);
    const before = share.steps;
    const values = evaluateIn(names, expression, { program, budget: share, libraries: new Map() });
    spend(budget, before - share.steps);
    return values;
  };
}

/** The folder that all files are below. */
function sharedFolder(paths: readonly string[]): string {
  let shared = folderOf(paths[0] ?? '');
  for (const path of paths) while (shared !== '' && !path.startsWith(`${shared}/`)) shared = folderOf(shared);
  return shared;
}

/** The unit of a Terragrunt file: the module of a folder, run with these inputs. */
interface Unit {
  readonly module: string;
  readonly inputs: ReadonlyMap<string, LocatedValue>;
  /** The providers that `generate` blocks write into the module. */
  readonly providers: ReadonlyMap<string, ProviderBlock>;
  /** Files of variables that it names on the command line. */
  readonly variables: readonly SourceText[];
  /** The subscription in its environment. */
  readonly subscription: Expression | undefined;
  /** The names of the file. */
  readonly context: Template;
}

/** The unit of a `terragrunt.hcl`, if it runs a module of this checkout. */
function unitOf(
  config: TerragruntConfig,
  configs: TerragruntConfigs,
  isModule: (folder: string) => boolean,
): Unit | undefined {
  const folder = folderOf(config.path);
  const included = includedBy(config, configs);
  const place = {
    ...placeAt(folder, configs),
    includes: new Map(included.map(({ label, config }) => [label, folderOf(config.path)])),
  };
  const context = {
    ...namesAt(config, place),
    imports: new Map(included.map(({ symbol, names }) => [symbol, { from: names }])),
  };
  const own = { config, names: context };
  const module = moduleOf([own, ...included], folder, configs);
  if (module === undefined || !isModule(module)) return undefined;
  const files = [...included, own];
  return {
    module,
    inputs: inputsOf(own, included, configs),
    providers: generatedProviders(files, configs),
    variables: namedVariables(files, folder, configs),
    subscription: subscriptionIn(files, configs),
    context,
  };
}

function includedBy(
  config: TerragruntConfig,
  configs: TerragruntConfigs,
): readonly (IncludedConfig & { readonly label: string | undefined })[] {
  const folder = folderOf(config.path);
  const place = placeAt(folder, configs);
  const names = namesAt(config, place);
  return config.includes.flatMap(({ label, path, mergeStrategy }) => {
    const found = pathIn(configs.valuesIn(names, path), folder);
    const parent = found === undefined ? undefined : configs.configAt(found);
    if (parent === undefined) return [];
    // What an included file says is evaluated for the file that includes it.
    const parentPlace = { ...place, includes: new Map([[undefined, folderOf(parent.path)]]) };
    return [
      {
        label,
        symbol: label === undefined ? 'include' : `include.${label}`,
        config: parent,
        names: namesAt(parent, parentPlace),
        mergeStrategy: textOf(mergeStrategy) ?? 'shallow',
      },
    ];
  });
}

/**
 * The folder of the module: the source of the file, else of one that it includes, else the folder itself. From where a
 * relative path of an included file counts is not known: only one that begins with a folder is followed.
 */
function moduleOf(
  files: readonly NamedConfig[],
  folder: string,
  configs: TerragruntConfigs,
): string | undefined {
  const naming = files.find(({ config }) => config.source !== undefined);
  const source = naming?.config.source;
  if (naming === undefined || source === undefined) return folder;
  const start = naming === files[0] ? folder : undefined;
  return pathIn(configs.valuesIn(naming.names, source), start);
}
