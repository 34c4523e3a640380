import type { DeclaredProperty, DeclaredVault } from './declared-vault.ts';
import { evaluate } from './evaluation/evaluate.ts';
import type { Scope } from './evaluation/scope.ts';
import { patternOf, scalarOf, type Values } from './evaluation/value.ts';
import { writtenAt } from './instance.ts';
import { tellsEnough } from './name-identity.ts';
import { lowerCase, type NamePattern } from './name-pattern.ts';
import type { VaultBlock, Written } from './template.ts';

/** What a vault has from its deployment: a resource group, where it names none itself, and imported ids. */
interface Inherited {
  readonly resourceGroup: Values | undefined;
  readonly resourceIds: readonly string[];
}

/** A vault as a block declares it in one turn of its loop. */
export function declareVault(block: VaultBlock, scope: Scope, inherited: Inherited): DeclaredVault {
  const { type, at, name, resourceGroup } = block;
  const tags = block.tags === undefined ? [] : tagValues(evaluate(block.tags, scope));
  const groups = resourceGroup === undefined ? inherited.resourceGroup : evaluate(resourceGroup, scope);
  const idsInTags = tags.filter((value) => value.startsWith('/subscriptions/'));
  return {
    type,
    names: name === undefined ? [] : patternsOf(evaluate(name, scope)).filter(tellsEnough),
    resourceGroups: patternsOf(groups ?? []),
    resourceIds: [...inherited.resourceIds, ...idsInTags].map((id) => id.toLowerCase()),
    declaration: at,
    properties: new Map(
      [...block.properties].map(([path, written]) => [path, declareProperty(written, scope)]),
    ),
  };
}

function declareProperty(written: Written, scope: Scope): DeclaredProperty {
  return { location: writtenAt(written, scope), own: written.at };
}

function patternsOf(values: Values): readonly NamePattern[] {
  return values.map((value) => lowerCase(patternOf(value)));
}

/** The values of tags that are written out. */
function tagValues(values: Values): readonly string[] {
  const [only] = values;
  if (values.length !== 1 || only?.kind !== 'map') return [];
  return [...only.entries.values()].flatMap((element) => {
    const value = scalarOf(element());
    return value === undefined || value === null ? [] : [String(value)];
  });
}
