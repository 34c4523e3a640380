import type { Locate } from '../checkout/source-text.ts';
import { type Expression, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { argumentsOf, objectProperties } from '../programs/object-properties.ts';
import type { ModuleCall, VaultBlock } from '../programs/template.ts';
import type { TemplateData } from '../programs/template-data.ts';
import { vaultTypeOf } from '../vault-type.ts';
import {
  type DeclarationSite,
  type DeclarationStatement,
  templateCallOf,
  readScope,
} from './declaration-site.ts';
import { siblingPath } from './names.ts';
import { verifiedVault } from './verified-module.ts';

/** A Bicep file: its path in the checkout, and how its offsets are found. */
interface BicepFile {
  readonly path: string;
  readonly locate: Locate;
}

/** A call of a file, or of a template in a resource. */
type BicepCall = ModuleCall & { readonly target: string | TemplateData };

/** The vault that a `resource` or `module` statement declares, if it declares one, and the template that it calls. */
export function readDeclaration(
  statement: DeclarationStatement,
  { path, locate }: BicepFile,
): { readonly vaults: readonly VaultBlock[]; readonly call: BicepCall | undefined } {
  const { condition = statement.condition, ...body } = unwrap(statement.body);
  const declared: DeclarationSite = { statement, ...body, ...optional('condition', condition), locate };
  if (statement.kind === 'resource') return { vaults: vaultOf(declared), call: templateCallOf(declared) };
  return { vaults: moduleVaultOf(declared), call: callOf(declared, path) };
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
      body: object,
      ...optional('apiVersion', versionOf(statement.target)),
      ...optional('unknownPaths', statement.onlyIfNotExists && ['properties']),
      ...optional('loop', loop),
      address: statement.name,
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
  const vault = verifiedVault(textOf(statement.target) ?? '', valueOf(object, 'params'), locate);
  if (vault === undefined) return [];
  return [
    {
      ...vault,
      at: locate(statement.at),
      ...readScope(valueOf(object, 'scope')),
      ...optional('condition', condition),
      ...optional('loop', loop),
      address: statement.name,
    },
  ];
}

function callOf(
  { statement, object, loop, condition, locate }: DeclarationSite,
  path: string,
): BicepCall | undefined {
  const target = siblingPath(path, statement.target);
  if (target === undefined) return undefined;
  const given = valueOf(object, 'params');
  const entries = given?.kind === 'object' ? given.entries : [];
  // A spread may give any parameter, and replace what is written before it.
  const spread = entries.findLastIndex(({ key }) => key === undefined);
  return {
    target,
    arguments: argumentsOf({ kind: 'object', entries: entries.slice(spread + 1) }, locate),
    hasUnreadArguments: spread !== -1 || (given !== undefined && given.kind !== 'object'),
    ...readScope(valueOf(object, 'scope')),
    ...optional('condition', condition),
    ...optional('loop', loop),
    outputsKey: 'outputs',
    symbol: statement.name,
    at: locate(statement.at),
  };
}

/** The version in `Microsoft.KeyVault/vaults@2023-07-01`. */
function versionOf(target: Expression): Expression | undefined {
  const version = textOf(target)?.split('@')[1];
  return version === undefined ? undefined : { kind: 'literal', value: version };
}
