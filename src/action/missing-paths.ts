import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ActionInputs, InputProblem } from './inputs.ts';

/** A mistake for each path that an input names and that is not there, or is not what the input takes. */
export async function missingPaths(
  { flags, config, sourceRoot }: ActionInputs,
  workspace: string,
): Promise<readonly InputProblem[]> {
  const named: readonly (readonly [input: string, path: string | undefined, kind?: 'file' | 'folder'])[] = [
    ['inventory', flags.inventory, 'file'],
    ...flags.policies.map((path) => ['policies', path] as const),
    ['config', config, 'file'],
    ['exemptions', flags.exemptions, 'file'],
    ['source-root', sourceRoot, 'folder'],
  ];
  const problems = await Promise.all(
    named.map(async ([input, path, kind = 'file or folder']): Promise<readonly InputProblem[]> => {
      if (path === undefined) return [];
      const found = await kindOf(resolve(workspace, path));
      if (found !== undefined && kind.includes(found)) return [];
      const hint =
        'Paths are relative to the workspace: check out the repository first, with actions/checkout.';
      return [{ input, message: `There is no ${kind} ${path}.`, hint }];
    }),
  );
  return problems.flat();
}

function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );
}
