import type { Location } from '../../model/location.ts';
import { type NamePattern, anything, literalOf, lowerCase } from '../evaluation/name-pattern.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { NameScope } from '../evaluation/scope.ts';
import { patternOf, scalarOf, type Values } from '../evaluation/value.ts';
import type { Expression } from '../languages/expression.ts';
import { vaultTypeIn } from '../vault-type.ts';
import { type DeclaredBody, declaredBody } from './declared-body.ts';
import type { VaultBlock, LocatedValue } from './template.ts';
import { writtenAt } from './written-at.ts';

/** A property as it is written for one vault. */
export interface DeclaredProperty {
  /** The line that gives this vault its value: an argument of a module call or parameter file, where one does. */
  readonly location: Location;
  /** The line of the property in the declaration itself. */
  readonly own: Location;
}

/** A vault or managed HSM that infrastructure code declares. */
export interface DeclaredVault {
  /** The resource type, in Azure's own spelling. */
  readonly type: string;
  /** Every name that it may have, in lower case. */
  readonly names: readonly NamePattern[];
  /** Ids of the subscription it may be in, in lower case; empty where none is written. */
  readonly subscriptions: readonly NamePattern[];
  /** Names of the resource group it may be in, in lower case; empty where none is written. */
  readonly resourceGroups: readonly NamePattern[];
  /** Locations that it may be in, as `westeurope`; empty where none is written. */
  readonly locations: readonly NamePattern[];
  /** Its tags whose values are written out, by their names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  /** ARM ids that an `import` block gives it, in lower case. */
  readonly resourceIds: readonly string[];
  /** True where a parameter file of the checkout says how it is deployed. */
  readonly isGiven: boolean;
  readonly declaration: Location;
  /** The file, or for Terraform the folder, of the template that is deployed: it may call the one that declares the vault. */
  readonly template: string;
  /** Its name in the code, from the template that is deployed: `module.kv["a"].azurerm_key_vault.main`. */
  readonly address: string;
  /** The file with the values with which it is deployed, where that is one of several ways. */
  readonly givenBy: string | undefined;
  /** True where it depends on something unknown whether it is deployed at all. */
  readonly isConditional: boolean;
  /** The values of its properties; absent where only its place was asked for. */
  readonly deployed?: DeclaredBody;
  /** By canonical field path in lower case, such as `properties.enablepurgeprotection`. */
  readonly properties: ReadonlyMap<string, DeclaredProperty>;
}

/** The facts that a vault takes from the deployment around it. */
interface Surroundings {
  /** The subscription and resource group that the calls on the way write; `undefined` where they do not. */
  readonly subscription: Values | undefined;
  readonly resourceGroup: Values | undefined;
  /** ARM ids that `import` blocks give it. */
  readonly resourceIds: readonly string[];
  /** True where a parameter file of the checkout says how it is deployed. */
  readonly isGiven: boolean;
  readonly template: string;
  readonly address: string;
  readonly givenBy: string | undefined;
  readonly isConditional: boolean;
  /** True where the values of its properties are wanted. */
  readonly judges: boolean;
  /** Paths of what other resources of the deployment may change in it. */
  readonly changed: readonly string[];
}

/** A vault as a block declares it in one iteration of its loop. `false` where its type is another, `undefined` where that is not known. */
export function declareVault(
  block: VaultBlock,
  scope: NameScope,
  around: Surroundings,
): DeclaredVault | false | undefined {
  const type = typeof block.type === 'string' ? block.type : typeIn(block.type, scope);
  if (type === undefined || type === false) return type;
  const { at, name, resourceGroup, location, tags } = block;
  const groups = resourceGroup === undefined ? around.resourceGroup : evaluate(resourceGroup, scope);
  const subscriptions =
    block.subscription === undefined ? around.subscription : evaluate(block.subscription, scope);
  return {
    type,
    names: name === undefined ? [] : patternsOf(evaluate(name, scope)),
    subscriptions: patternsOf(subscriptions ?? []).map(asSubscription),
    resourceGroups: patternsOf(groups ?? []),
    locations: location === undefined ? [] : patternsOf(evaluate(location, scope)).map(withoutBlanks),
    tags: tags === undefined ? new Map<string, string>() : literalTags(evaluate(tags, scope)),
    resourceIds: around.resourceIds.map((id) => id.toLowerCase()),
    isGiven: around.isGiven,
    declaration: at,
    template: around.template,
    address: around.address,
    givenBy: around.givenBy,
    isConditional: around.isConditional,
    ...(around.judges ? { deployed: deployedBody({ block, type, scope }, around.changed) } : {}),
    properties: new Map(
      [...block.properties].map(([path, written]) => [path, declareProperty(written, scope)]),
    ),
  };
}

interface Declared {
  readonly block: VaultBlock;
  readonly type: string;
  readonly scope: NameScope;
}

function deployedBody({ block, type, scope }: Declared, changed: readonly string[]): DeclaredBody {
  const { body, apiVersion, unknownPaths = [], isOfModule = false } = block;
  return declaredBody({
    type,
    body: evaluate(body, scope),
    apiVersion: apiVersion === undefined ? undefined : evaluate(apiVersion, scope),
    unknownPaths: [...unknownPaths, ...changed],
    isPartial: isOfModule,
  });
}

/** The one type that an expression evaluates to, in any version; `false` for one of others, `undefined` where it may be of either. */
function typeIn(type: Expression, scope: NameScope): string | false | undefined {
  const [only, ...others] = new Set(evaluate(type, scope).map((value) => vaultTypeIn(patternOf(value))));
  return others.length === 0 ? only : undefined;
}

function declareProperty(written: LocatedValue, scope: NameScope): DeclaredProperty {
  return { location: writtenAt(written, scope), own: written.at };
}

function patternsOf(values: Values): readonly NamePattern[] {
  return values.map((value) => lowerCase(patternOf(value)));
}

/** Text that is not the id of a subscription is a placeholder, such as `<subscription id>` or zeros, for any id. */
function asSubscription(pattern: NamePattern): NamePattern {
  const literal = literalOf(pattern);
  return literal === undefined || (guid.test(literal) && /[1-9a-f]/.test(literal)) ? pattern : anything;
}

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** `West Europe` is `westeurope`. */
function withoutBlanks(pattern: NamePattern): NamePattern {
  return pattern.map((part) => (typeof part === 'string' ? part.replaceAll(' ', '') : part));
}

/** The tags whose values are written out, by their names in lower case. */
function literalTags(values: Values): ReadonlyMap<string, string> {
  const [only] = values;
  const entries = values.length === 1 && only?.kind === 'map' ? [...only.entries] : [];
  return new Map(
    entries.flatMap(([name, element]): (readonly [string, string])[] => {
      const value = scalarOf(element());
      return value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]];
    }),
  );
}
