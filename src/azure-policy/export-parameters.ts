import { compareText } from '../model/compare-text.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { ParameterDefinition, Rule } from '../model/rule.ts';

/** The effects that an exported definition may have as its default. */
export const exportedEffects = ['audit', 'deny'] as const;

/** An effect that an exported definition may have as its default. */
export type ExportedEffect = (typeof exportedEffects)[number];

/** The parameter that decides what happens to a request that breaks the rule. */
export function effectParameter(effect: ExportedEffect): JsonObject {
  return {
    type: 'String',
    metadata: { displayName: 'Effect', description: 'What happens where the rule is not met.' },
    allowedValues: [...exportedEffects, 'disabled'],
    defaultValue: effect,
  };
}

const types: Readonly<Record<ParameterDefinition['type'], string>> = {
  string: 'String',
  integer: 'Integer',
  number: 'Float',
  boolean: 'Boolean',
  array: 'Array',
  object: 'Object',
};

/** The parameters of a rule as Azure Policy has them; bounds become words, for which it has no place. */
export function parametersOf({ parameters }: Pick<Rule, 'parameters'>): JsonObject {
  const names = Object.keys(parameters).toSorted(compareText);
  return Object.fromEntries(names.map((name) => [name, parameterOf(name, parameters[name])]));
}

function parameterOf(name: string, definition: ParameterDefinition | undefined): Json {
  if (definition === undefined) return {};
  const { type, default: usual, allowedValues, description = name } = definition;
  return {
    type: types[type],
    metadata: { displayName: name, description: `${description}${boundsOf(definition)}` },
    ...(allowedValues === undefined ? {} : { allowedValues }),
    ...(usual === undefined ? {} : { defaultValue: usual }),
  };
}

function boundsOf({ minimum, maximum }: ParameterDefinition): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  return bounds.length === 0 ? '' : ` It is ${bounds.join(' and ')}.`;
}
