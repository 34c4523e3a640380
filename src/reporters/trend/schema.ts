import { severities } from '../../model/severity.ts';
import { exemptionShape } from '../scan/exemption-schema.ts';
import { list, shape, textListSchema, textSchema } from '../scan/schema-shapes.ts';

const time = { type: 'string', format: 'date-time' };
const amount = { type: 'integer', minimum: 0 };
const timesProperties = { count: amount };
const meanProperty = {
  meanMs: {
    type: 'number',
    minimum: 0,
    description:
      'Milliseconds from the first scan that had the finding to the first without it; absent where nothing was repaired.',
  },
};
const repairTimes = shape(timesProperties, meanProperty);

const pointShape = shape(
  {
    at: { ...time, description: 'The start of the scan.' },
    complete: {
      type: 'boolean',
      description: 'False: what the scan did not read is as the scans before it left it.',
    },
    open: {
      description: 'Findings that are open after the scan.',
      ...shape(Object.fromEntries(severities.map((severity) => [severity, amount]))),
    },
    carried: {
      ...amount,
      description: 'Of those open, the ones that this scan did not read, or could not judge.',
    },
    exempt: amount,
    opened: { ...amount, description: 'Open now, and not before.' },
    reappeared: { ...amount, description: 'Of those opened, the ones that had been repaired.' },
    repaired: amount,
    expired: { ...amount, description: 'Of those opened, the ones whose exemption ran out.' },
  },
  {
    judgedOtherwise: {
      ...textListSchema,
      description:
        'The ids of rules that were judged with other parameters than by the scan before: what opened or was repaired by them may be so for that alone. Absent where there is none.',
    },
  },
);

const findingProperties = {
  ruleId: textSchema,
  ruleName: textSchema,
  severity: { enum: severities },
  resource: shape({
    id: textSchema,
    name: textSchema,
    type: textSchema,
    subscriptionId: textSchema,
    resourceGroup: textSchema,
    location: textSchema,
  }),
  fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  since: { ...time, description: 'The start of the scan that first found it, since it was last repaired.' },
};

/** The JSON Schema (2020-12) of `trend --output json`; published as `schemas/trend.schema.json`. */
export const trendSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:trend:1.0',
  title: 'purgeproof trend',
  description: 'The findings of archived scans over time, by fingerprint.',
  ...shape({
    schemaVersion: { const: '1.0' },
    archive: { ...textSchema, description: 'As named on the command line.' },
    complete: {
      type: 'boolean',
      description:
        'False when an archived scan could not be read, or the last one was incomplete: more may be open now.',
    },
    points: { ...list(pointShape), description: 'One for each scan, the earliest first.' },
    repairs: shape(
      {
        ...timesProperties,
        bySeverity: shape(Object.fromEntries(severities.map((severity) => [severity, repairTimes]))),
      },
      meanProperty,
    ),
    reappeared: list(shape({ ...findingProperties, times: amount })),
    expiredExemptions: {
      ...list(shape({ ...findingProperties, exemption: exemptionShape((properties) => properties) })),
      description: 'Open findings whose exemption has run out.',
    },
    oldestOpen: { ...list(shape(findingProperties)), description: 'At most twenty, the oldest first.' },
    unreadable: list(shape({ file: textSchema, reason: textSchema })),
  }),
};
