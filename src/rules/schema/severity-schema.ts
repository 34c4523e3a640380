import { severities } from '../../model/severity.ts';
import type { JsonSchema } from '../../documents/schema/json-schema.ts';

/** The severity of a failed rule. */
export const severitySchema: JsonSchema = {
  enum: severities,
  description: 'How bad it is when the rule fails, worst first: critical, high, medium, low.',
};
