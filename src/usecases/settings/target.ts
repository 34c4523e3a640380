import { UsageError } from '../../model/errors.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import type { Target } from '../../model/target.ts';

/** The settings that name a target, as flags, inputs of the action or a configuration file give them. */
export interface TargetSettings {
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly inventory?: string | undefined;
  readonly inventoryComplete?: boolean | undefined;
  readonly include?: readonly CoveragePartName[];
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
