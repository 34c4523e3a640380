import type { Problem } from '../../model/errors.ts';
import { checkoutPath } from '../checkout/checkout-path.ts';
import { baseName, folderOf } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { type Budget, shareOf, spend } from '../evaluation/budget.ts';
import { dataIn } from '../evaluation/data.ts';
import { scalarOf } from '../evaluation/value.ts';
import { guarded } from '../guarded.ts';
import { optional } from '../optional.ts';
import type { Piecewise } from '../piecewise.ts';
import { emptyProgram, type EvaluateIn, type Program } from '../programs/program.ts';
import {
  emptyTemplate,
  type LocatedValue,
  type ParameterFile,
  type ProviderBlock,
  type Template,
  type UnfollowedCall,
} from '../programs/template.ts';
import { moduleKey } from '../terraform/module-files.ts';
import {
  isVariablesFile,
  loadedVariables,
  overlaid,
  readVariablesFile,
} from '../terraform/variables-file.ts';
import { type TerragruntConfig, type TerragruntConfigs, readConfig, pathIn } from './config.ts';
import { type Expression, textOf } from '../languages/expression.ts';
import { extraVariables, namedVariables, subscriptionIn } from './extra-arguments.ts';
import {
  areInputsWhole,
  generatedProviders,
  generatesCode,
  type IncludedConfig,
  inputsOf,
  type NamedConfig,
} from './inputs.ts';
import { namesAt, placeAt } from './names.ts';

/** Work that the paths and inputs of all units may cost to work out, and one value among them. */
const most = { steps: 2_000_000, stepsOfOne: 20_000 };

/** The templates that Terragrunt may run, and the evaluation of what its files say. */
interface RunContext {
  /** Those that are not here are added, by the path of the file that runs them. */
  readonly templates: Map<string, Template>;
  readonly isThere: (key: string) => boolean;
  readonly evaluateIn: EvaluateIn;
}

/** Reads the Terragrunt of a checkout: each `terragrunt.hcl` that runs a module gives it inputs. */
export function* readTerragrunt(
  files: readonly SourceText[],
  { templates, isThere, evaluateIn }: RunContext,
  problems: Problem[],
): Piecewise<readonly ParameterFile[]> {
  if (!files.some(({ path }) => baseName(path) === 'terragrunt.hcl')) return [];
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const budget: Budget = { steps: most.steps, depth: 0 };
  const configs: UnitConfigs = {
    isThere,
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
      const unit = config && unitOf(config, configs);
      if (unit === undefined) return;
      if (unit.unfollowed.length > 0) templates.set(path, { ...emptyTemplate, unfollowed: unit.unfollowed });
      if (unit.module === undefined || !isModule(unit.module)) return;
      read.push({
        file: path,
        template: moduleKey(unit.module),
        arguments: overlaid([
          unit.inputs,
          ...[unit.module, folderOf(path)].map(loaded),
          ...unit.variables.map((file) => readVariablesFile(file, [])),
          unit.extra,
        ]),
        context: unit.context,
        isOwn: true,
        isPartial: unit.isPartial,
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

interface UnitConfigs extends TerragruntConfigs {
  /** True for the key of a module of the checkout. */
  readonly isThere: (key: string) => boolean;
}

/** The unit of a Terragrunt file: the module of a folder, run with these inputs. */
interface Unit {
  /** `undefined` where it is not in this checkout. */
  readonly module: string | undefined;
  readonly unfollowed: readonly UnfollowedCall[];
  /** Variables of the environment and the command line. */
  readonly extra: ReadonlyMap<string, LocatedValue>;
  /** True where there may be other inputs. */
  readonly isPartial: boolean;
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
function unitOf(config: TerragruntConfig, configs: UnitConfigs): Unit | undefined {
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
  const files = [...included, own];
  const { module, source } = moduleOf([own, ...included], folder, configs);
  const at = config.locate(0);
  const isMissing = module !== undefined && source !== undefined && !configs.isThere(moduleKey(module));
  const isOutside = module === undefined && source !== undefined && /^\.\.?\//.test(source);
  const { given, isWhole } = extraVariables(files, configs);
  return {
    module,
    unfollowed: [
      ...(isMissing || isOutside ? [{ at, target: source, symbol: 'terraform' }] : []),
      ...(module === undefined && source?.includes(':') === true
        ? [{ at, target: source, symbol: 'terraform', isModule: true } as const]
        : []),
      ...(generatesCode(files, configs) ? [{ at, target: undefined, symbol: 'generate' }] : []),
    ],
    extra: given,
    isPartial: !isWhole || !areInputsWhole(own, included, configs),
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
): { readonly module: string | undefined; readonly source?: string | undefined } {
  const naming = files.find(({ config }) => config.source !== undefined);
  const source = naming?.config.source;
  if (naming === undefined || source === undefined) return { module: folder };
  const start = naming === files[0] ? folder : undefined;
  const values = configs.valuesIn(naming.names, source);
  const written = scalarOf(values);
  const text = typeof written === 'string' ? (checkoutPath(written) ?? written) : undefined;
  return { module: pathIn(values, start), source: text };
}
