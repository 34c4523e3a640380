import { type Kit, kitPartWords, type ListedItem, listedTypes, type VaultRestore } from '../../model/kit.ts';
import { type JsonObject, isJsonObject, type Json } from '../../model/json.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { bicepComment, BicepName, bicepValue, type BicepValue } from '../text/bicep.ts';

/** The first line of a Bicep file of a kit, by which it is told from any other. */
export const bicepMark = '// Recovery kit of purgeproof';

/** The things that stood on one vault, as Bicep for a deployment into its resource group. Locks come last: one may forbid the rest. */
export function* kitBicep({ vault, deployed }: VaultRestore, { createdAt }: Kit): Iterable<string> {
  const missing = vault.parts.filter(({ state }) => state === 'notRead');
  yield `${bicepMark}\n${bicepComment(`${vault.id}, read at ${createdAt}.`)}\n`;
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

/** A secure parameter: what a kit does not hold. */
interface SecureParameter {
  readonly name: string;
  readonly description: string;
}

/** Properties in which parameters stand for what a kit does not hold. */
interface Parametrised {
  readonly properties: BicepValue;
  readonly parameters: readonly SecureParameter[];
}

/** Puts parameters where an event subscription needs a whole address of a webhook, or a secret delivery attribute. */
function withParameters(properties: JsonObject, symbol: string): Parametrised {
  const parameters: SecureParameter[] = [];
  const add = (what: string, description: string): BicepName => {
    const name = `${symbol}${what}${parameters.length + 1}`;
    parameters.push({ name, description });
    return new BicepName(name);
  };
  const walk = (value: Json): BicepValue => {
    if (Array.isArray(value)) return value.map((item: Json) => walk(item));
    return isJsonObject(value) ? walkObject(value) : value;
  };
  const walkObject = ({ endpointBaseUrl, ...others }: JsonObject): BicepValue => ({
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, walk(value ?? null)])),
    ...(endpointBaseUrl === undefined
      ? {}
      : {
          endpointUrl: add(
            'EndpointUrl',
            `The whole address of the webhook at ${typeof endpointBaseUrl === 'string' ? endpointBaseUrl : 'an unknown host'}.`,
          ),
        }),
    ...(others['isSecret'] === true
      ? { value: add('Value', 'The value of a secret delivery attribute.') }
      : {}),
  });
  return { properties: walk(properties), parameters };
}
