import { type Kit, kitPartWords, type ListedItem, listedTypes, type VaultRestore } from '../../model/kit.ts';
import type { JsonObject } from '../../model/json.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { bicepComment, BicepName, bicepValue, type BicepValue } from '../text/bicep.ts';
import { withParameters } from './bicep-parameters.ts';

/** The first line of a Bicep file of a kit, by which it is told from any other. */
export const bicepMark = '// Recovery kit of purgeproof';

/** The things that stood on one vault, as Bicep for a deployment into its resource group. Locks come last: one may forbid the rest. */
export function* kitBicep({ vault, deployed }: VaultRestore, { createdAt }: Kit): Iterable<string> {
  const missing = vault.parts.filter(({ state }) => state === 'notRead');
  yield `${bicepMark}\n${bicepComment(`Vault ${vault.id}, read at ${createdAt}.`)}\n`;
  for (const { name } of missing)
    yield `${bicepComment(`Not read, and so not in here: ${kitPartWords[name]}.`)}\n`;
  yield `targetScope = 'resourceGroup'\n`;
  const type = `${vault.type}@${knownType(vault.type)?.apiVersion ?? ''}`;
  yield resource('vault', `${bicepValue(type)} existing`, { name: vault.name });
  const before: BicepName[] = [];
  for (const [index, { part, item }] of locksLast(deployed).entries()) {
    const symbol = new BicepName(`${part}${index + 1}`);
    const { properties, parameters } = withParameters(item.properties, symbol.name);
    for (const { name, description } of parameters)
      yield `\n@secure()\n@description(${bicepValue(description)})\nparam ${name} string\n`;
    const listed = listedTypes[part];
    yield resource(symbol.name, bicepValue(`${listed.type}@${listed.apiVersion}`), {
      scope: new BicepName('vault'),
      name: item.name,
      properties,
      ...(part === 'locks' && before.length > 0 ? { dependsOn: before } : {}),
    });
    if (part !== 'locks') before.push(symbol);
  }
}

function locksLast(deployed: readonly ListedItem[]): readonly ListedItem[] {
  return [...deployed.filter((one) => !isLock(one)), ...deployed.filter(isLock)];
}

function isLock({ part }: ListedItem): boolean {
  return part === 'locks';
}

function resource(
  symbol: string,
  type: string,
  body: Readonly<Record<string, BicepValue | JsonObject>>,
): string {
  return `\nresource ${symbol} ${type} = ${bicepValue(body)}\n`;
}
