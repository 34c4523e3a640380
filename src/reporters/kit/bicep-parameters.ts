import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { BicepName, type BicepValue } from '../text/bicep.ts';

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
export function withParameters(properties: JsonObject, symbol: string): Parametrised {
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
