import {
  type JsonSchema,
  nonEmptyListOf,
  objectOf,
  someText,
  textLike,
} from '../../documents/schema/json-schema.ts';
import { risks } from '../../model/risk.ts';

/** ARM ids are the same in any letter case; patterns of JSON Schema have no flag for that. */
function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/giu, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

const keys = {
  resource: textLike(
    `^(/${anyCase('subscriptions')}/[^/\\s]+/(.+/)?${anyCase('providers')}/[^/\\s]+(/[^/\\s]+/[^/\\s]+)+/?|https://\\S+)$`,
    'the full id of a resource: /subscriptions/…/providers/…',
    'The ARM id of one resource.',
  ),
  resourceGroup: textLike(
    `^(/${anyCase('subscriptions')}/[^/]+/${anyCase('resourceGroups')}/)?[^/*]+/?$`,
    'the name of a resource group without *, or /subscriptions/…/resourceGroups/…',
    'A resource group: its id, or its bare name in any subscription.',
  ),
  subscription: textLike(
    '^[^/\\s][^/]*$',
    'the id or the display name of a subscription, without slashes',
    'A subscription, by id or display name.',
  ),
  managementGroup: textLike(
    '^[^/\\s][^/]*$',
    'the id or the display name of a management group, without slashes',
    'A management group, by id or display name; covers every subscription below it.',
  ),
  name: someText('A pattern for the name of the resource; * matches any number of characters.'),
} as const;

const tag: JsonSchema = {
  type: 'object',
  description: 'Tags that the resource must have; all must match.',
  minProperties: 1,
  additionalProperties: { type: 'string' },
};

/** The schema of a scope: what a resource must match, all of it. */
export function scopeSchema(description: string): JsonSchema {
  return { ...objectOf({ ...keys, tag }, [], description), minProperties: 1 };
}

/** The schema of a scope that goes by the place and the name of a resource alone: whoever changes it may change its tags. */
function placeSchema(description: string): JsonSchema {
  return { ...objectOf(keys, [], description), minProperties: 1 };
}

/** The schema of the limits on writes. */
export const writesSchema = objectOf(
  {
    allow: {
      type: 'array',
      items: { enum: [...risks] },
      description: 'The risks that apply may be allowed; steps of others are refused, whatever --allow says.',
    },
    maxChanges: {
      type: 'integer',
      minimum: 0,
      description: 'The most resources that one run may change, whatever --max-changes says.',
    },
    never: nonEmptyListOf(
      placeSchema('Where nothing is changed; everything given here must match.'),
      'Nothing in these scopes is changed, recovered or purged.',
    ),
  },
  [],
  'Limits on apply and on deleted recover and purge. They only make flags stricter.',
);

const value: JsonSchema = { type: ['string', 'number', 'boolean', 'array'] };

/** The schema of values of parameters, by name or under a rule. */
export function parametersShape(description: string): JsonSchema {
  return {
    type: 'object',
    description,
    additionalProperties: { anyOf: [value, { type: 'object', additionalProperties: value }] },
  };
}

/** The schema of parameters for parts of what is scanned. */
export const parametersByScopeSchema = nonEmptyListOf(
  objectOf(
    {
      scope: scopeSchema('Where the parameters apply; everything given here must match.'),
      parameters: parametersShape('The values there, in the form of parameters.'),
    },
    ['scope', 'parameters'],
    'Parameters for a part of what is scanned.',
  ),
  'Parameter values for a part of what is scanned; of several that match, the most specific scope decides.',
);
