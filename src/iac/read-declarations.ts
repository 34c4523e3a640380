import type { Problem } from '../model/errors.ts';
import { relevantKeys } from './checkout/relevant-keys.ts';
import type { SourceText } from './checkout/source-text.ts';
import { type Budget, shareOf, spend } from './evaluation/budget.ts';
import { guarded } from './guarded.ts';
import type { Piecewise } from './piecewise.ts';
import type { DeclaredVault } from './programs/declared-vault.ts';
import { deployments, type RootDeployment } from './programs/deployments.ts';
import { type DeployedVaults, instantiate } from './programs/instantiate.ts';
import type { Program } from './programs/program.ts';
import { unfollowedBelow } from './programs/reach.ts';
import type { Template, UnfollowedCall, VaultBlock } from './programs/template.ts';
import { readProgram } from './read-program.ts';
import { namesVault } from './vault-type.ts';

/** The declarations in the infrastructure code of a checkout, and the text that is not understood. */
export interface Declarations {
  readonly declarations: readonly DeclaredVault[];
  readonly problems: readonly Problem[];
  /** Resources that may be one, since their type is not known. */
  readonly untyped: ReadonlySet<VaultBlock>;
  /** Calls of templates that are not in the checkout; of a whole checkout without the modules from elsewhere that are not about vaults. */
  readonly unfollowed: readonly UnfollowedCall[];
}

/** Nothing is declared. */
export const noDeclarations = { declarations: [], untyped: new Set<VaultBlock>(), unfollowed: [] };

/** More declarations than this are not infrastructure code of one checkout. */
const mostDeclarations = 50_000;

/** Work that all deployments of a checkout may cost together, and one of them with all that it calls. */
const most = { steps: 4_000_000, stepsOfOne: 200_000 };

/**
 * Reads Bicep, ARM templates and Terraform, with their parameter files, and declares every vault and managed HSM of
 * every deployment that they describe. Never throws: what is not understood is skipped and reported in `problems`.
 * A piece of the work is bounded: one file, or one deployment. With `judges`, the values of properties are worked out.
 */
export function* readDeclarations(
  files: readonly SourceText[],
  { judges }: { readonly judges: boolean } = { judges: false },
): Piecewise<Declarations> {
  const problems: Problem[] = [];
  const relevant = relevantKeys(files);
  if (relevant.declaring.size === 0) return { ...noDeclarations, problems };
  const { program, parameterFiles } = yield* readProgram({ files, relevant, judges }, problems);
  const declarations: DeclaredVault[] = [];
  const untyped = new Set<VaultBlock>();
  const unfollowed: UnfollowedCall[] = [];
  const budget: Budget = { steps: most.steps, depth: 0 };
  for (const deployed of deployments(program, parameterFiles)) {
    yield;
    if (budget.steps <= 0) break;
    const { vaults, ...others } = declaredBy(deployed, { program, budget, problems });
    for (const block of others.untyped) untyped.add(block);
    unfollowed.push(...others.unfollowed.filter(mayDeclare));
    if (declarations.length + vaults.length <= mostDeclarations) declarations.push(...vaults);
    else problems.push(endless(fileOf(deployed.template, program.templates)));
  }
  return { declarations, problems, untyped, unfollowed };
}

/** Of modules from elsewhere those that say so; of any other call nobody knows. */
function mayDeclare({ isModule, target }: UnfollowedCall): boolean {
  return isModule !== true || namesVault(target);
}

/** The templates of a checkout, and the work that is left. */
interface Run {
  readonly program: Program;
  readonly budget: Budget;
  readonly problems: Problem[];
}

/** The vaults of one deployment, which may take a part of the work that is left, and its calls that lead out of the checkout. */
export function declaredBy(deployed: RootDeployment, { program, budget, problems }: Run): DeployedVaults {
  const file = fileOf(deployed.template, program.templates);
  const share = shareOf(budget, most.stepsOfOne);
  const before = share.steps;
  const found = guarded(file, problems, () => instantiate(deployed, program, share));
  spend(budget, before - share.steps);
  if (share.steps <= 0) problems.push(endless(file));
  else if (share.metEndless === true) problems.push(tooLong(file));
  const { vaults = [], untyped = new Set<VaultBlock>(), unfollowed = [] } = found ?? {};
  const top = program.templates.get(deployed.template);
  return { vaults, untyped, unfollowed: [...(top ? unfollowedBelow(top, program) : []), ...unfollowed] };
}

/** The file of a template by its key: of a module that is a folder the one that declares the first vault. */
function fileOf(key: string, templates: ReadonlyMap<string, Template>): string {
  const [first] = templates.get(key)?.vaults ?? [];
  return first?.at.file ?? key.replace(/^terraform:|#\d+$/g, '');
}

function tooLong(file: string): Problem {
  const message = 'a text or list in it is longer than any name: what depends on it is not known';
  return { file, line: 1, column: 1, message };
}

function endless(file: string): Problem {
  const message = 'too much to work out: not every vault of this template is known';
  return { file, line: 1, column: 1, message };
}
