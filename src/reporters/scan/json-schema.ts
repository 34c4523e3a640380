import { type NotLookedAt, unreadableKinds } from '../../model/coverage.ts';
import { partNames } from '../../model/source-name.ts';
import type { ReportVersion } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';
import { baselineShape, deployedShape } from './baseline-schema.ts';
import { exemptionShape, noticesShape } from './exemption-schema.ts';
import { parametersByScopeShape, scopeShape } from './scope-schema.ts';
import {
  frameworksShape,
  ruleShape,
  list,
  type Properties,
  shape,
  type Since11,
  textSchema,
} from './schema-shapes.ts';
import { alternativeShape, findingShape, remediationShape } from './finding-schema.ts';

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

const identityShape = {
  description: 'The identity that read Azure, from its token; absent where nothing was read from Azure.',
  ...shape(
    { tenantId: textSchema, objectId: textSchema },
    {
      name: { ...textSchema, description: 'The name that a user signs in with.' },
      applicationId: { ...textSchema, description: 'Of an application or a managed identity.' },
    },
  ),
};

/** The schema of what could not be read. */
export const unreadableShape = shape({
  scope: { ...textSchema, description: 'An ARM id, a file, a subscription, or a term of a filter.' },
  kind: { enum: [...unreadableKinds] },
  reason: textSchema,
  hint: textSchema,
});

/** The shape of what was not looked at, of some kinds. */
export function notLookedAtShape(...kinds: readonly NotLookedAt['kind'][]) {
  const scope = { ...textSchema, description: 'The ARM id of what it is about.' };
  return shape({ kind: { enum: [...kinds] }, scope, reason: textSchema });
}

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
    ...shape(
      {
        schemaVersion: { const: version },
        tool: shape({ name: textSchema, version: textSchema }),
        startedAt: time,
        finishedAt: time,
        complete: {
          type: 'boolean',
          description: 'False when anything in scope was not read: it does not prove compliance then.',
        },
        scope: scopeShape(since11),
        summary: { $ref: '#/$defs/summary' },
        rules: list({ $ref: '#/$defs/rule' }),
        findings: list({ $ref: '#/$defs/finding' }),
        unreadable: list({ $ref: '#/$defs/unreadable' }),
        coverage: { $ref: '#/$defs/coverage' },
      },
      since11({
        exemptionNotices: noticesShape,
        identity: identityShape,
        baseline: baselineShape,
        frameworks: frameworksShape(),
        deployed: deployedShape,
      }),
    ),
    $defs: {
      severity: { enum: severities },
      summary: summaryShape,
      rule: ruleShape(since11),
      finding: findingShape(since11),
      ...since11({ alternative: alternativeShape, parametersByScope: parametersByScopeShape }),
      exemption: exemptionShape(since11),
      remediation: remediationShape,
      unreadable: unreadableShape,
      coverage: coverageShape(since11),
    },
  };
}

/** The schema of a finding of such a report by itself. */
export function findingSchemaOf(version: ReportVersion) {
  const { $schema, $defs } = reportSchemaOf(version);
  return { $schema, ...$defs.finding, $defs };
}

function coverageShape(since11: Since11) {
  return shape(
    {
      expectedFrom: { enum: ['managementGroup', 'visible', 'named'] },
      subscriptions: list(
        shape({
          id: textSchema,
          name: textSchema,
          state: {
            enum: ['read', 'empty', 'denied', 'disabled', 'truncated', 'partial'],
            description:
              'A subscription that Azure does not know is denied as well; the reason in unreadable says that it was not found.',
          },
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
            shape(
              {
                name: { enum: [...partNames] },
                state: { enum: ['read', 'empty', 'denied', 'partial'] },
              },
              {
                notLookedAt: {
                  ...list(notLookedAtShape('denyAssignments')),
                  description: 'No gap: without it more principals are named, never fewer.',
                },
              },
            ),
          ),
          description:
            'What was read in addition to the resources of the subscriptions; absent where nothing was.',
        },
      }),
    },
  );
}
