import { list, shape, type Since11, textSchema, textListSchema } from './schema-shapes.ts';

/** A rule of a report. */
export function ruleShape(since11: Since11) {
  return shape(
    {
      id: textSchema,
      name: textSchema,
      title: textSchema,
      description: textSchema,
      severity: { $ref: '#/$defs/severity' },
      resourceType: { ...textSchema, description: 'One type, or several joined by a comma and a space.' },
      controls: { type: 'object', additionalProperties: textListSchema },
      helpUri: textSchema,
      ...since11({
        parameters: { type: 'object', description: 'The values of its parameters in force, by name.' },
      }),
    },
    since11({
      notJudged: {
        ...list(shape({ type: textSchema, reason: textSchema }, { include: includeSchema })),
        description: 'The types among its own that the scan did not read; absent where it read all of them.',
      },
    }),
  );
}

const includeSchema = { ...textSchema, description: 'The part of a scan that would judge it (--include).' };

/** A finding of a report. */
export function findingShape(since11: Since11) {
  return {
    ...shape(
      {
        ruleId: textSchema,
        ruleName: textSchema,
        severity: { $ref: '#/$defs/severity' },
        compliance: { enum: ['nonCompliant', 'unknown', 'exempt', 'compliant'] },
        resource: shape({
          id: textSchema,
          name: textSchema,
          type: textSchema,
          subscriptionId: textSchema,
          resourceGroup: textSchema,
          location: textSchema,
        }),
        message: textSchema,
        evidence: list(
          shape(
            { field: textSchema, expected: {}, actual: {} },
            since11({
              state: {
                enum: ['unset', 'unreadable'],
                description:
                  'There is no value: actual says in words what there is instead. Absent where actual is the value.',
              },
            }),
          ),
        ),
        fingerprint: {
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
          description: 'Depends on the rule id and the lower-cased resource id alone.',
        },
      },
      {
        exemption: { $ref: '#/$defs/exemption' },
        remediation: { $ref: '#/$defs/remediation' },
        ...since11({
          baselineState: {
            enum: ['new', 'unchanged', 'updated', 'absent'],
            description: 'The change since the baseline; absent where there was none.',
          },
        }),
      },
    ),
    ...exemptWithExemption,
  };
}

/** An exempt finding carries its exemption, and no other one does. */
const exemptWithExemption = {
  anyOf: [
    { required: ['exemption'], properties: { compliance: { const: 'exempt' }, exemption: {} } },
    { properties: { compliance: { enum: ['nonCompliant', 'unknown', 'compliant'] }, exemption: false } },
  ],
};

/** The exemption of a finding. */
export const exemptionShape = shape(
  { category: { enum: ['waiver', 'mitigated'] }, reason: textSchema },
  { owner: textSchema, ticket: textSchema, expiresOn: { type: 'string', format: 'date' } },
);

/** The remediation of a finding. */
export const remediationShape = {
  ...shape(
    { risk: { enum: ['safe', 'disruptive', 'irreversible'] } },
    {
      patch: { type: 'object', description: 'A JSON merge patch (RFC 7396) over the resource.' },
      manual: textSchema,
    },
  ),
  anyOf: [
    { required: ['patch'], properties: { patch: {} } },
    { required: ['manual'], properties: { manual: {} } },
  ],
};
