// What a module of Terraform inherits from its caller: ids of `import` blocks, and providers.
import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { NameScope } from '../evaluation/scope.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import type { Loop } from '../languages/expression.ts';
import { iterationsOf } from './iterations.ts';
import type { ImportBlock, ModuleCall, Template } from './template.ts';

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

/**
 * The subscriptions that Terraform's providers work in, by their names in a module; `undefined` where the code leaves that
 * to the environment of the run.
 */
export type Providers = ReadonlyMap<string, Values | undefined>;

/** The providers of a module in one deployment: those that it was passed, and its own. */
export function providersIn({ providers }: Template, scope: NameScope, passed: Providers): Providers {
  const own = [...providers].map(([name, { subscription, loop }]) => {
    const values = iterationsOf(loop, scope).flatMap((iteration) =>
      subscription === undefined ? [] : evaluate(subscription, iteration),
    );
    return [name, written(values)] as const;
  });
  return new Map([...passed, ...own]);
}

/** A subscription that is null or empty is one that is not written. */
function written(values: Values): Values | undefined {
  const held = values.filter((value) => ![null, ''].some((none) => scalarOf([value]) === none));
  return held.length === 0 ? undefined : held;
}

/**
 * The providers that a call passes to its module. Without `providers` it inherits those without an alias, with it only
 * those that are named there; source: https://developer.hashicorp.com/terraform/language/modules/develop/providers.
 */
export function passedProviders({ providers: passed }: ModuleCall, held: Providers): Providers {
  if (passed === undefined) return new Map([...held].filter(([name]) => !name.includes('.')));
  return new Map([...passed].map(([name, own]) => [name, held.get(own)]));
}
