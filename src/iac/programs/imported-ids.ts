import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { NameScope } from '../evaluation/scope.ts';
import { scalarOf } from '../evaluation/value.ts';
import type { Loop } from '../languages/expression.ts';
import { iterationsOf } from './iterations.ts';
import type { ImportBlock } from './template.ts';

interface Step {
  readonly name: string;
  /** The key of an instance in its loop; `undefined` where it has no loop, or the text does not show the key. */
  readonly key: string | undefined;
  readonly isKeyed: boolean;
}

/** The ARM id of the resource at an address, as an `import` block of Terraform gives it. */
export interface ImportedId {
  readonly address: readonly Step[];
  readonly id: string;
}

/** The ids that the `import` blocks of a template give in one deployment of it. */
export function importedIdsIn(blocks: readonly ImportBlock[], scope: NameScope): readonly ImportedId[] {
  return blocks.flatMap(({ address, id, loop }) =>
    iterationsOf(loop, scope).flatMap((iteration): ImportedId[] => {
      const value = scalarOf(evaluate(id, iteration));
      if (typeof value !== 'string') return [];
      const steps = address.map(({ name, key }) => {
        return { name, key: key && keyText(scalarOf(evaluate(key, iteration))), isKeyed: key !== undefined };
      });
      return [{ address: steps, id: value }];
    }),
  );
}

/** A resource or module call in one iteration of its loop. */
interface AddressedBlock {
  readonly name: string | undefined;
  readonly loop: Loop | undefined;
  readonly iteration: NameScope;
}

/** Imported ids by the name of the first step of their addresses. */
export type ImportedIds = ReadonlyMap<string | undefined, readonly ImportedId[]>;

/** Groups ids, so that not every resource is compared with every one. */
export function byFirstStep(ids: readonly ImportedId[]): ImportedIds {
  const grouped = new Map<string | undefined, ImportedId[]>();
  for (const imported of ids) {
    const name = imported.address[0]?.name;
    const held = grouped.get(name);
    if (held === undefined) grouped.set(name, [imported]);
    else held.push(imported);
  }
  return grouped;
}

/** The ids for what is inside a call, or for the resource itself where their address ends there. */
export function idsBelow(ids: ImportedIds, addressed: AddressedBlock): readonly ImportedId[] {
  const named = ids.get(addressed.name) ?? [];
  spend(addressed.iteration.budget, named.length / 10);
  return named.flatMap(({ address: [first, ...rest], id }) =>
    first !== undefined && isAt(first, addressed) ? [{ address: rest, id }] : [],
  );
}

function isAt({ key, isKeyed }: Step, { loop, iteration }: AddressedBlock): boolean {
  if (loop === undefined) return !isKeyed;
  if (!isKeyed || key === undefined) return false;
  // An iteration whose key is not known may be any of them.
  const held = scalarOf(iteration.reference(loop.keyName ?? loop.valueName ?? '') ?? []);
  return held === undefined || keyText(held) === key;
}

function keyText(key: ReturnType<typeof scalarOf>): string | undefined {
  return key === undefined || key === null ? undefined : String(key);
}
