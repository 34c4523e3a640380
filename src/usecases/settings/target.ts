import { UsageError } from '../../model/errors.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import {
  type BaseCommit,
  type CodeForm,
  codeForms,
  type CodeTarget,
  type Target,
} from '../../model/target.ts';

/** The settings that name a target, as flags, inputs of the action or a configuration file give them. */
export interface TargetSettings {
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly inventory?: string | undefined;
  readonly inventoryComplete?: boolean | undefined;
  readonly include?: readonly CoveragePartName[];
  /** The infrastructure code that takes the place of Azure. */
  readonly code?: CodePaths | undefined;
  /** The folder of the archive that the scan is added to. */
  readonly archive?: string | undefined;
  /** The commit that the code is compared with. */
  readonly changedSince?: BaseCommit | undefined;
  /** The scope says where in Azure to look for what the code declares; where that is declined, it says nothing. */
  readonly showDeployed?: boolean | undefined;
}

/** The words for a target in the language of those who named it. */
interface TargetWords {
  /** The scopes that an inventory cannot be limited to. */
  readonly scopes: string;
  readonly hint: string;
}

const flagWords: TargetWords = {
  scopes: 'a subscription or a management group',
  hint: 'Leave out --inventory to scan Azure, or export the inventory of that scope.',
};

/** Makes the one target that the settings name. Throws UsageError where they name more than one, or speak of none. */
export function readTarget(settings: TargetSettings, words = flagWords): Target {
  const { subscriptions = [], managementGroups = [] } = settings;
  // A part that is named twice would be read and judged twice.
  const include = [...new Set(settings.include)];
  const { inventory, inventoryComplete = false } = settings;
  const code = readCodeTarget(settings.code ?? {});
  if (settings.changedSince !== undefined && code?.form !== 'source')
    throw new UsageError(
      '--changed-since compares a folder of code with a commit, and none is scanned.',
      'Name the folder with --source.',
    );
  if (code === undefined && settings.showDeployed === true)
    throw new UsageError(
      '--show-deployed says what is in Azure of what code declares, and no code is scanned.',
      'Name the code with --source, --bicep, --template or --terraform, or leave it out: a scan of Azure shows all.',
    );
  if (code !== undefined && settings.showDeployed !== undefined) {
    const deployed = { kind: 'live', subscriptions, managementGroups, include: [] } as const;
    const others = { ...settings, subscriptions: [], managementGroups: [], include };
    const target = withoutOthers(code, others);
    return settings.showDeployed ? { ...target, deployed } : target;
  }
  if (code !== undefined) return withoutOthers(code, { ...settings, include });
  if (inventory === undefined) {
    if (!inventoryComplete) return { kind: 'live', subscriptions, managementGroups, include };
    throw new UsageError(
      '--inventory-complete (inventoryComplete) says that an inventory is whole, and none is scanned.',
      'Leave it out, or name the inventory with --inventory.',
    );
  }
  if (subscriptions.length + managementGroups.length > 0) {
    throw new UsageError(
      `An inventory is scanned in full: it cannot be limited to ${words.scopes}.`,
      words.hint,
    );
  }
  if (include.length > 0) {
    throw new UsageError(
      `An inventory is scanned on its own: it cannot include ${include.join(' and ')}, which is read from Azure.`,
      words.hint,
    );
  }
  return { kind: 'inventory', file: inventory, complete: inventoryComplete };
}

/** Throws UsageError where code that is not deployed yet is named together with what is read from Azure. */
function withoutOthers(
  code: CodeTarget,
  { subscriptions = [], managementGroups = [], include = [], inventory, archive }: TargetSettings,
): CodeTarget {
  const flag = `--${code.form}`;
  if (archive !== undefined)
    throw new UsageError(
      `What ${flag} names is not archived: an archive keeps what was deployed.`,
      'Leave out --archive. Version control keeps the code, and --output json=report.json its verdicts.',
    );
  if (inventory !== undefined)
    throw new UsageError(
      `A scan has one target: an inventory, or the code that ${flag} names.`,
      'Scan one after the other.',
    );
  if (subscriptions.length + managementGroups.length > 0)
    throw new UsageError(
      `What ${flag} names is not deployed yet: it cannot be limited to a subscription or a management group.`,
      `Leave out ${flag} to scan Azure, limit the scan with --resource-group, --vault or --tag, or add --show-deployed to see what is there.`,
    );
  if (include.length > 0)
    throw new UsageError(
      `What ${flag} names is scanned on its own: it cannot include ${include.join(' and ')}, which is read from Azure.`,
      `Leave out ${flag} to scan Azure.`,
    );
  return code;
}

/** The paths of infrastructure code, each by the flag that names it, and the parameter file of a template. */
export type CodePaths = Readonly<Partial<Record<CodeForm | 'parameters', string | undefined>>>;

/** The code that is to be scanned; `undefined` where none is named. Throws UsageError where several are. */
function readCodeTarget(paths: CodePaths): CodeTarget | undefined {
  const [form, ...others] = codeForms.filter((name) => paths[name] !== undefined);
  const { parameters } = paths;
  if (form === undefined) {
    if (parameters === undefined) return undefined;
    throw new UsageError(
      '--parameters gives values to a template, and none is scanned.',
      'Name the template with --template or --bicep. The parameters of rules are set with --param.',
    );
  }
  if (others.length > 0)
    throw new UsageError(
      `A scan has one target, not ${[form, ...others].map((name) => `--${name}`).join(' and ')}.`,
      'Scan one after the other, or a whole folder of code with --source.',
    );
  if (parameters !== undefined && (form === 'terraform' || form === 'source'))
    throw new UsageError(
      `--parameters gives values to one template: with --${form} it has no meaning.`,
      form === 'terraform'
        ? 'Give them to terraform plan: the plan holds the values.'
        : 'Parameter files in the folder are found by themselves.',
    );
  const kind = form === 'terraform' ? 'plan' : 'template';
  const path = paths[form] ?? '';
  return { kind, form, path, ...(parameters === undefined ? {} : { parameters }) };
}

/** The files that a scan of a target reads besides its policies: no report may overwrite one. */
export function inputFiles(target: Target): readonly string[] {
  if (target.kind === 'inventory') return [target.file];
  if (target.kind === 'live' || target.kind === 'archive' || target.form === 'source') return [];
  return [target.path, ...(target.parameters === undefined ? [] : [target.parameters])];
}
