import { partNames } from '../../model/source-name.ts';
import type { ReportVersion } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';
import { exemptionShape, findingShape, remediationShape, ruleShape } from './finding-schema.ts';
import { list, type Properties, shape, type Since11, textSchema, textListSchema } from './schema-shapes.ts';

const form = { enum: ['filtered', 'counted', 'plain'] };
const amount = { type: 'integer', minimum: 0 };
const time = { type: 'string', format: 'date-time' };

const summaryShape = {
  description:
    'resources counts resources that were seen; every other number counts verdicts of one rule on one resource.',
  ...shape({
    resources: amount,
    compliant: amount,
    nonCompliant: amount,
    exempt: amount,
    unknown: amount,
    notApplicable: amount,
    bySeverity: {
      description: 'Non-compliant verdicts only.',
      ...shape(Object.fromEntries(severities.map((severity) => [severity, amount]))),
    },
  }),
};

/** The schema of what could not be read. */
export const unreadableShape = shape({
  scope: { ...textSchema, description: 'An ARM id, a file, or a subscription.' },
  kind: {
    enum: ['subscription', 'managementGroup', 'tenant', 'resource', 'inventory', 'interrupted'],
  },
  reason: textSchema,
  hint: textSchema,
});

/** The JSON Schema (2020-12) of the JSON report that is written; published as `schemas/report.schema.json`. */
export const reportSchema = reportSchemaOf('1.1');

/** The JSON Schema of the JSON report of a version. What 1.1 added is marked; all the rest is in both. */
export function reportSchemaOf(version: ReportVersion) {
  const since11 = (properties: Properties): Properties => (version === '1.0' ? {} : properties);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:purgeproof:report:${version}`,
    title: 'purgeproof report',
    description: 'The findings of one scan of Azure Key Vault, and how much of the scope could be read.',
    ...shape({
      schemaVersion: { const: version },
      tool: shape({ name: textSchema, version: textSchema }),
      startedAt: time,
      finishedAt: time,
      complete: {
        type: 'boolean',
        description: 'False when anything in scope was not read; then the report does not prove compliance.',
      },
      scope: shape(
        {
          subscriptions: list(shape({ id: textSchema, name: textSchema })),
          managementGroups: textListSchema,
        },
        { inventory: textSchema },
      ),
      summary: { $ref: '#/$defs/summary' },
      rules: list({ $ref: '#/$defs/rule' }),
      findings: list({ $ref: '#/$defs/finding' }),
      unreadable: list({ $ref: '#/$defs/unreadable' }),
      coverage: { $ref: '#/$defs/coverage' },
    }),
    $defs: {
      severity: { enum: severities },
      summary: summaryShape,
      rule: ruleShape(since11),
      finding: findingShape(since11),
      exemption: exemptionShape,
      remediation: remediationShape,
      unreadable: unreadableShape,
      coverage: coverageShape(since11),
    },
  };
}

function coverageShape(since11: Since11) {
  return shape(
    {
      expectedFrom: { enum: ['managementGroup', 'visible', 'named'] },
      subscriptions: list(
        shape({
          id: textSchema,
          name: textSchema,
          state: { enum: ['read', 'empty', 'denied', 'disabled', 'truncated', 'partial'] },
          expectedRows: amount,
          rows: amount,
        }),
      ),
      queries: amount,
      pages: amount,
      retries: amount,
      waitMs: { type: 'number', minimum: 0, description: 'Milliseconds spent throttled.' },
    },
    {
      resourceGraph: shape({
        form: { ...form, description: 'How much of the work the queries left to Resource Graph.' },
        refused: list(shape({ form, code: textSchema, message: textSchema })),
      }),
      ...since11({
        parts: {
          ...list(
            shape({
              name: { enum: [...partNames] },
              state: { enum: ['read', 'empty', 'denied', 'partial'] },
            }),
          ),
          description:
            'What was read in addition to the resources of the subscriptions; absent where nothing was.',
        },
      }),
    },
  );
}
