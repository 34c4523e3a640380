import { ruleIdInAnyCase } from '../rule-id.ts';
import {
  dialect,
  type JsonSchema,
  objectOf,
  schemaKey,
  someText,
  textLike,
} from '../../documents/schema/json-schema.ts';

/** ARM ids are the same in any letter case; patterns of JSON Schema have no flag for that. */
function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/giu, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

const scope: JsonSchema = {
  ...objectOf(
    {
      resource: textLike(
        `^(/${anyCase('subscriptions')}/[^/\\s]+/(.+/)?${anyCase('providers')}/[^/\\s]+(/[^/\\s]+/[^/\\s]+)+/?|https://\\S+)$`,
        'the full id of a resource: /subscriptions/…/providers/…',
        'The ARM id of one resource.',
      ),
      resourceGroup: textLike(
        `^(/${anyCase('subscriptions')}/[^/]+/${anyCase('resourceGroups')}/)?[^/]+/?$`,
        'the name of a resource group, or /subscriptions/…/resourceGroups/…',
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
      tag: {
        type: 'object',
        description: 'Tags that the resource must have; all must match.',
        minProperties: 1,
        additionalProperties: { type: 'string' },
      },
    },
    [],
    'Where the exemption applies; everything given here must match.',
  ),
  minProperties: 1,
};

const exemption = objectOf(
  {
    rule: textLike(
      `^(\\*|${ruleIdInAnyCase})$`,
      'a rule id such as AKV002, or "*" for every rule',
      'The rule that the exemption covers.',
    ),
    scope,
    category: {
      enum: ['waiver', 'mitigated'],
      description: 'waiver: the risk is accepted; mitigated: it is addressed by other means.',
    },
    reason: someText('Why the risk is accepted, for auditors.'),
    owner: someText('Who is responsible for it.'),
    ticket: someText('Where it was approved.'),
    expiresOn: textLike(
      '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      'a date such as 2027-03-01',
      'The last day on which it is valid, in UTC.',
    ),
  },
  ['rule', 'scope', 'category', 'reason', 'expiresOn'],
  'One accepted risk.',
);

/** The schema of an exemptions file, as published and as checked. */
export const exemptionsSchema: JsonSchema = {
  $schema: dialect,
  title: 'purgeproof exemptions',
  ...objectOf(
    {
      $schema: schemaKey,
      exemptions: {
        type: 'array',
        items: exemption,
        description: 'The accepted risks; the list may be empty.',
      },
    },
    ['exemptions'],
    'Accepted risks: who accepted what, why, and until when.',
  ),
};
