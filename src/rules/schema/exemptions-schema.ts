import { ruleReference } from '../rule-id.ts';
import {
  dialect,
  type JsonSchema,
  objectOf,
  schemaKey,
  someText,
  textLike,
} from '../../documents/schema/json-schema.ts';
import { scopeSchema } from './scope-schema.ts';

const exemption = objectOf(
  {
    rule: textLike(
      `^(\\*|${ruleReference})$`,
      'a rule such as AKV002 or purge-protection, or "*" for every rule',
      'The rule that the exemption covers.',
    ),
    scope: scopeSchema('Where the exemption applies; everything given here must match.'),
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
      $schema: schemaKey('exemptions'),
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
