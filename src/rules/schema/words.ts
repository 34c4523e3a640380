import { severities } from '../../model/severity.ts';
import { ruleId } from '../rule-id.ts';
import { type JsonSchema, textLike } from '../../documents/schema/json-schema.ts';

/** The id of a rule. */
export const ruleIdSchema: JsonSchema = textLike(
  `^${ruleId}$`,
  '2 to 8 capital letters and 3 or 4 digits, such as ORG001',
  'The permanent id, used in reports, exemptions and fingerprints. AKV is reserved for the rules that ship with purgeproof.',
);

/** The severity of a failed rule. */
export const severitySchema: JsonSchema = {
  enum: severities,
  description: 'How bad it is when the rule fails, worst first: critical, high, medium, low.',
};
