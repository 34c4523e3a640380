import { list, shape, type Since11, textSchema } from './schema-shapes.ts';

const count = { type: 'integer', minimum: 1 };

const resourceShape = shape({
  id: textSchema,
  name: textSchema,
  type: textSchema,
  subscriptionId: textSchema,
  resourceGroup: textSchema,
  location: textSchema,
});

/** A finding of a report. */
export function findingShape(since11: Since11) {
  return {
    ...shape(
      {
        ruleId: textSchema,
        ruleName: textSchema,
        severity: { $ref: '#/$defs/severity' },
        compliance: { enum: ['nonCompliant', 'unknown', 'exempt', 'compliant'] },
        resource: resourceShape,
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
              words: {
                ...textSchema,
                description:
                  'The part of actual that decided, for readers: who it is about, and for which of its members.',
              },
              alternative: { $ref: '#/$defs/alternative' },
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
          declaredAt: {
            ...shape({ file: textSchema, line: count, column: count }),
            description:
              'The line of infrastructure code that decides, in a scan of code; its path is that in the checkout.',
          },
          parameters: {
            type: 'object',
            description:
              'The parameters that the resource was judged with; absent where they are those of the rule.',
          },
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

/** The place of a fact among alternatives. */
export const alternativeShape = {
  ...shape(
    { group: { type: 'integer', minimum: 1 }, option: { type: 'integer', minimum: 1 } },
    { within: { $ref: '#/$defs/alternative' } },
  ),
  description:
    'Facts of one group are alternatives: one of its options is enough, and the facts of an option go together. ' +
    'within is the option of another group of which this group is a part. Absent where the fact alone decided.',
};

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
