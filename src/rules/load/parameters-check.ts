import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ParameterDefinition } from '../../model/rule.ts';
import { checkParameter } from '../parameters.ts';
import { parameterTypes } from '../schema/parameter-schema.ts';
import type { Mistake } from '../../documents/document.ts';

/** Checks the parameters that a rule file declares against themselves: a default must be a value that is allowed. */
export function checkParameters(rule: JsonObject): readonly Mistake[] {
  const declared = isJsonObject(rule['parameters']) ? rule['parameters'] : {};
  return Object.entries(declared).flatMap(([name, definition]) =>
    isDefinition(definition) ? checkDefinition(name, definition) : [],
  );
}

function checkDefinition(name: string, definition: ParameterDefinition): readonly Mistake[] {
  const { type, minimum, maximum, allowedValues } = definition;
  const at = (key: string, message: string): Mistake => ({ path: ['parameters', name, key], message });
  const bound = (['minimum', 'maximum'] as const).find((key) => definition[key] !== undefined);
  if (type !== 'integer' && type !== 'number' && bound !== undefined) {
    return [at(bound, `"${bound}" is for numbers; "${name}" is of type ${type}`)];
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    return [at('minimum', `"minimum" ${minimum} is above "maximum" ${maximum}: no value is allowed`)];
  }
  const { allowedValues: _, ...unlisted } = definition;
  const wrongItem = allowedValues
    ?.map((value) => checkParameter(unlisted, value))
    .find((fault) => fault !== undefined);
  if (wrongItem !== undefined) return [at('allowedValues', `an allowed value of "${name}" ${wrongItem}`)];
  const fault = checkParameter(definition, definition.default);
  return fault === undefined ? [] : [at('default', `the default of "${name}" ${fault}`)];
}

/** True for what the schema accepts; anything else has been told already. */
function isDefinition(value: Json | undefined): value is JsonObject & ParameterDefinition {
  if (!isJsonObject(value) || value['default'] === undefined) return false;
  const { type, minimum, maximum, allowedValues } = value;
  const isListed = allowedValues === undefined || Array.isArray(allowedValues);
  return (
    typeof type === 'string' &&
    parameterTypes.includes(type) &&
    isBound(minimum) &&
    isBound(maximum) &&
    isListed
  );
}

function isBound(value: Json | undefined): boolean {
  return value === undefined || typeof value === 'number';
}
