import { evaluate } from './evaluation/evaluate.ts';
import type { Scope } from './evaluation/scope.ts';
import { scalarOf, type Values } from './evaluation/value.ts';
import type { ModuleCall, Template } from './template.ts';
import { turnsOf } from './turns.ts';

/**
 * The subscriptions that Terraform's providers work in, by their names in a module; `undefined` where the code leaves that
 * to the environment of the run.
 */
export type Providers = ReadonlyMap<string, Values | undefined>;

/** The providers of a module in one deployment: those that it was passed, and its own. */
export function providersIn({ providers }: Template, scope: Scope, passed: Providers): Providers {
  const own = [...providers].map(([name, { subscription, loop }]) => {
    const values = turnsOf(loop, scope).flatMap((turn) =>
      subscription === undefined ? [] : evaluate(subscription, turn),
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
 * The providers that a call passes to its module. Without `providers` it inherits those without an alias, with it nothing
 * but what is named there; source: https://developer.hashicorp.com/terraform/language/modules/develop/providers.
 */
export function passedProviders({ providers: passed }: ModuleCall, held: Providers): Providers {
  if (passed === undefined) return new Map([...held].filter(([name]) => !name.includes('.')));
  return new Map([...passed].map(([name, own]) => [name, held.get(own)]));
}
