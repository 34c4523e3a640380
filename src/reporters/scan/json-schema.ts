import type { JsonObject } from '../../model/json.ts';
import type { ReportVersion } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const form = { enum: ['filtered', 'counted', 'plain'] };
const amount = { type: 'integer', minimum: 0 };
const time = { type: 'string', format: 'date-time' };

type Properties = Readonly<Record<string, JsonObject>>;

/** Returns the properties where the version has them. */
type Since11 = (properties: Properties) => Properties;

/** An exempt finding carries its exemption, and no other one does. */
const exemptWithExemption = {
  anyOf: [
    { required: ['exemption'], properties: { compliance: { const: 'exempt' }, exemption: {} } },
    { properties: { compliance: { enum: ['nonCompliant', 'unknown', 'compliant'] }, exemption: false } },
  ],
};

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

const exemptionShape = shape(
  { category: { enum: ['waiver', 'mitigated'] }, reason: text },
  { owner: text, ticket: text, expiresOn: { type: 'string', format: 'date' } },
);

const remediationShape = {
  ...shape(
    { risk: { enum: ['safe', 'disruptive', 'irreversible'] } },
    {
      patch: { type: 'object', description: 'A JSON merge patch (RFC 7396) over the resource.' },
      manual: text,
    },
  ),
  anyOf: [
    { required: ['patch'], properties: { patch: {} } },
    { required: ['manual'], properties: { manual: {} } },
  ],
};

const unreadableShape = shape({
  scope: { ...text, description: 'An ARM id, a file, or a subscription.' },
  kind: {
    enum: ['subscription', 'managementGroup', 'tenant', 'resource', 'inventory', 'interrupted'],
  },
  reason: text,
  hint: text,
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
      tool: shape({ name: text, version: text }),
      startedAt: time,
      finishedAt: time,
      complete: {
        type: 'boolean',
        description: 'False when anything in scope was not read; then the report does not prove compliance.',
      },
      scope: shape(
        { subscriptions: list(shape({ id: text, name: text })), managementGroups: texts },
        { inventory: text },
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

function ruleShape(since11: Since11) {
  return shape(
    {
      id: text,
      name: text,
      title: text,
      description: text,
      severity: { $ref: '#/$defs/severity' },
      resourceType: { ...text, description: 'One type, or several joined by a comma and a space.' },
      controls: { type: 'object', additionalProperties: texts },
      helpUri: text,
      ...since11({
        parameters: { type: 'object', description: 'The values of its parameters in force, by name.' },
      }),
    },
    since11({
      notJudged: {
        ...list(shape({ type: text, reason: text })),
        description: 'The types among its own that the scan did not read; absent where it read all of them.',
      },
    }),
  );
}

function findingShape(since11: Since11) {
  return {
    ...shape(
      {
        ruleId: text,
        ruleName: text,
        severity: { $ref: '#/$defs/severity' },
        compliance: { enum: ['nonCompliant', 'unknown', 'exempt', 'compliant'] },
        resource: shape({
          id: text,
          name: text,
          type: text,
          subscriptionId: text,
          resourceGroup: text,
          location: text,
        }),
        message: text,
        evidence: list(
          shape(
            { field: text, expected: {}, actual: {} },
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

function coverageShape(since11: Since11) {
  return shape(
    {
      expectedFrom: { enum: ['managementGroup', 'visible', 'named'] },
      subscriptions: list(
        shape({
          id: text,
          name: text,
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
        refused: list(shape({ form, code: text, message: text })),
      }),
      ...since11({
        parts: {
          ...list(
            shape({
              name: { enum: ['deleted', 'objects', 'access', 'template', 'plan'] },
              state: { enum: ['read', 'empty', 'denied', 'partial'] },
            }),
          ),
          description: 'What was read besides the resources of the subscriptions; absent where nothing was.',
        },
      }),
    },
  );
}

/** An object with exactly these properties; the second set may be absent. */
function shape(required: Properties, optional: Properties = {}) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

function list(items: JsonObject): JsonObject {
  return { type: 'array', items };
}
