import { resourceTypes } from '../../resource-types/index.ts';
import type { ResourceType } from '../../resource-types/resource-type.ts';
import { folderOf, resolvePath } from '../checkout/source-path.ts';
import type { Locate } from '../checkout/source-text.ts';
import { elementNamed, type Expression, type Loop, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { argumentsOf, objectProperties } from '../programs/object-properties.ts';
import type { ModuleCall, VaultBlock, LocatedValue } from '../programs/template.ts';
import { vaultTypeOf } from '../vault-type.ts';
import type { Statement } from './statement.ts';

type DeclarationStatement = Extract<Statement, { kind: 'resource' | 'module' }>;

/** A Bicep file: its path in the checkout, and how its offsets are found. */
interface BicepFile {
  readonly path: string;
  readonly locate: Locate;
}

/** The vault that a `resource` or `module` statement declares, if it declares one, and the template that it calls. */
export function readDeclaration(
  statement: DeclarationStatement,
  { path, locate }: BicepFile,
): { readonly vaults: readonly VaultBlock[]; readonly call: ModuleCall | undefined } {
  const { condition = statement.condition, ...body } = unwrap(statement.body);
  const declared: DeclarationSite = { statement, ...body, ...optional('condition', condition), locate };
  if (statement.kind === 'resource') return { vaults: vaultOf(declared), call: undefined };
  return { vaults: moduleVaultOf(declared), call: callOf(declared, path) };
}

interface DeclarationSite {
  readonly statement: DeclarationStatement;
  readonly object: Expression;
  readonly loop?: Loop;
  readonly condition?: Expression;
  readonly locate: Locate;
}

function unwrap(body: Expression): Pick<DeclarationSite, 'object' | 'loop' | 'condition'> {
  if (body.kind !== 'for') return { object: body };
  const { over, keyName, valueName, value, condition } = body;
  const names = keyName === undefined ? { valueName } : { keyName, valueName };
  const loop = { over, ...names, keyedByItem: false };
  return { object: value, loop, ...optional('condition', condition) };
}

function vaultOf({ statement, object, loop, condition, locate }: DeclarationSite): readonly VaultBlock[] {
  const type = vaultTypeOf(textOf(statement.target) ?? '');
  if (type === undefined || statement.existing) return [];
  return [
    {
      type,
      at: locate(statement.at),
      ...optional('name', valueOf(object, 'name')),
      ...optional('location', valueOf(object, 'location')),
      ...optional('tags', valueOf(object, 'tags')),
      ...readScope(valueOf(object, 'scope')),
      ...optional('condition', condition),
      properties: objectProperties(valueOf(object, 'properties'), locate),
      ...optional('loop', loop),
    },
  ];
}

function moduleVaultOf({
  statement,
  object,
  loop,
  condition,
  locate,
}: DeclarationSite): readonly VaultBlock[] {
  const module = moduleType(textOf(statement.target) ?? '');
  if (module === undefined) return [];
  const params = valueOf(object, 'params');
  return [
    {
      type: module.type,
      at: locate(statement.at),
      ...optional('name', valueOf(params, 'name')),
      ...optional('location', valueOf(params, 'location')),
      ...optional('tags', valueOf(params, 'tags')),
      properties: moduleProperties(module, params, locate),
      ...readScope(valueOf(object, 'scope')),
      ...optional('condition', condition),
      ...optional('loop', loop),
    },
  ];
}

function callOf(
  { statement, object, loop, condition, locate }: DeclarationSite,
  path: string,
): ModuleCall | undefined {
  const target = besideOf(path, statement.target);
  if (target === undefined) return undefined;
  const given = valueOf(object, 'params');
  return {
    target,
    arguments: argumentsOf(given, locate),
    hasUnreadArguments: given !== undefined && given.kind !== 'object',
    ...readScope(valueOf(object, 'scope')),
    ...optional('condition', condition),
    ...optional('loop', loop),
    outputsKey: 'outputs',
  };
}

/** The path in the checkout that a literal names from a file; `undefined` for a module of a registry. */
export function besideOf(path: string, target: Expression): string | undefined {
  const text = textOf(target);
  return text === undefined || text.includes(':') ? undefined : resolvePath(folderOf(path), text);
}

/** The place that a `scope` names, as far as it is written. */
interface WrittenScope {
  readonly subscription?: Expression;
  readonly resourceGroup?: Expression;
}

/** Reads `scope: resourceGroup('rg')`, `resourceGroup(subscription, 'rg')`, `subscription(id)`, or a symbol. */
function readScope(scope: Expression | undefined): WrittenScope {
  if (scope?.kind === 'reference') return { resourceGroup: elementNamed(scope, 'name') };
  if (scope?.kind !== 'call') return {};
  const [first, second] = scope.arguments;
  if (first === undefined) return {};
  const name = scope.name.toLowerCase();
  if (name === 'subscription') return { subscription: first };
  if (name !== 'resourcegroup') return {};
  return second === undefined ? { resourceGroup: first } : { subscription: first, resourceGroup: second };
}

/** The type that an Azure Verified Module declares, by its registry, by `public`, or by an alias of one's own. */
function moduleType(target: string): ResourceType | undefined {
  const [, path] = /^br[:/].*\b(avm\/res\/[^:]+):[^/:]+$/i.exec(target) ?? [];
  return resourceTypes.find(({ modules }) => modules !== undefined && modules.bicep === path?.toLowerCase());
}

/** The properties that the parameters of a module set: named as they are, but for some. */
function moduleProperties(
  { modules }: ResourceType,
  params: Expression | undefined,
  locate: Locate,
): ReadonlyMap<string, LocatedValue> {
  const properties = new Map(objectProperties(params, locate));
  for (const [parameter, property] of Object.entries(modules?.bicepParameters ?? {})) {
    const written = properties.get(`properties.${parameter.toLowerCase()}`);
    if (written !== undefined) properties.set(`properties.${property.toLowerCase()}`, written);
  }
  return properties;
}
