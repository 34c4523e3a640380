import type { Config } from '../../model/config.ts';
import type { Location } from '../../model/location.ts';
import type { Origin, PolicyFiles } from '../../model/settings.ts';
import { reportBeginnings } from '../../reporters/scan/beginnings.ts';
import type { configChecker } from '../../rules/load/config.ts';
import { explainOther } from '../read-as.ts';
import { mergeConfigs } from './merge-configs.ts';
import { missingAmong } from './named-paths.ts';
import {
  type Checked,
  collectMistakes,
  mistakesIn,
  problemMistakes,
  refuseMistakes,
  type SettingMistake,
} from './setting-mistake.ts';

/** Loads the configuration file, if one is named, with all that it extends. Throws UsageError or PolicyError with every mistake. */
export async function readConfiguration(
  files: PolicyFiles,
  path: string | undefined,
): Promise<Config | undefined> {
  const { value, mistakes } = await readConfigs(files, path);
  refuseMistakes(mistakes);
  return value;
}

/**
 * Reads a configuration file and those that it extends, as far as they are right; paths come out relative to the current
 * folder. A file to which several ways lead is read once, in its lowest place.
 */
export async function readConfigs(
  files: PolicyFiles,
  path: string | undefined,
): Promise<Checked<Config | undefined>> {
  if (path === undefined) return { value: undefined, mistakes: [] };
  const layers: Config[] = [];
  const mistakes: SettingMistake[] = [];
  const done = new Set<string>();
  let check: FileReading['check'] | undefined;

  async function readFile(file: string, origin: Origin, above: readonly OpenFile[]): Promise<void> {
    const [missing] = await missingAmong([{ path: file, origin, kind: 'file' }], files);
    if (missing !== undefined) mistakes.push(missing.mistake);
    const identity = await files.identityOf(file);
    const circle = above.findIndex((one) => one.identity === identity);
    if (circle !== -1) mistakes.push(inCircle([...above.slice(circle), { file, identity }], origin));
    if (missing !== undefined || circle !== -1 || done.has(identity)) return;
    const { value: config, mistakes: inFile } = await checkFile(file, {
      files,
      check: (check ??= await loadCheck()),
    });
    mistakes.push(...inFile);
    for (const { path: extended, origin: place } of config?.extends ?? [])
      await readFile(await fileAt(files, extended), place, [...above, { file, identity }]);
    done.add(identity);
    if (config !== undefined) layers.push(config);
  }

  await readFile(path, `--config ${path}`, []);
  const [first, ...others] = layers;
  if (first === undefined) return { value: undefined, mistakes };
  return { value: mergeConfigs([first, ...others]), mistakes };
}

/** A file that is being read, because the one before it extends it. */
interface OpenFile {
  readonly file: string;
  readonly identity: string;
}

/** The name of the file that is looked for in folders. */
export const configurationName = 'purgeproof.yaml';

/** The file that a path leads to: a folder stands for the configuration in it. */
async function fileAt(files: PolicyFiles, path: string): Promise<string> {
  const isFolder = (await files.describeMismatch(path, 'folder')) === undefined;
  return isFolder ? files.relativeTo(`${path}/.`, configurationName) : path;
}

function inCircle(circle: readonly OpenFile[], origin: Origin): SettingMistake {
  const way = circle.map(({ file }) => file).join(' → ');
  const message =
    circle.length === 2 ? `${circle[0]?.file} extends itself.` : `These extend each other: ${way}.`;
  return { origin, message, hint: 'Leave one of them out.' };
}

/** The disk, and the check of a file. */
interface FileReading {
  readonly files: PolicyFiles;
  readonly check: ReturnType<typeof configChecker>;
}

/** The check by the names of all formats. What reads YAML takes longer to load than a small scan. */
async function loadCheck(): Promise<FileReading['check']> {
  const config = await import('../../rules/load/config.ts');
  return config.configChecker(Object.keys(reportBeginnings));
}

/** Reads one file, as far as it is right. */
async function checkFile(path: string, { files, check }: FileReading): Promise<Checked<Config | undefined>> {
  const file = await collectMistakes(() => files.readFile(path), undefined);
  if (file.value === undefined) return { value: undefined, mistakes: file.mistakes };
  const { config, problems } = check(file.value);
  const other = problems.length === 0 ? undefined : await explainOther('configuration', file.value);
  if (other !== undefined) return { value: undefined, mistakes: mistakesIn(other) };
  return { value: config && withPathsFrom(config, path, files), mistakes: problemMistakes(problems) };
}

function withPathsFrom(config: Config, path: string, files: PolicyFiles): Config {
  const { policies, exemptions, baseline, archive, inventory, output, paths, ...rest } = config;
  const fromFile = (named: string): string => files.relativeTo(path, named);
  const moved = <P extends { readonly path: string; readonly origin: Location }>(one: P): P => ({
    ...one,
    path: fromFile(one.path),
  });
  return {
    ...rest,
    extends: rest.extends.map(moved),
    paths: paths.map(moved),
    ...(policies === undefined ? {} : { policies: policies.map(fromFile) }),
    ...(exemptions === undefined ? {} : { exemptions: fromFile(exemptions) }),
    ...(baseline === undefined ? {} : { baseline: fromFile(baseline) }),
    ...(archive === undefined ? {} : { archive: fromFile(archive) }),
    ...(inventory === undefined ? {} : { inventory: fromFile(inventory) }),
    ...(output === undefined ? {} : { output: output.map((each) => outputFromFile(each, fromFile)) }),
  };
}

function outputFromFile(output: string, fromFile: (path: string) => string): string {
  const [format = '', ...path] = output.split('=');
  return path.length === 0 ? format : `${format}=${fromFile(path.join('='))}`;
}
