import { severities } from '../../model/severity.ts';
import { changeProperties, countsShape, reasonShape, uncomparedShape } from '../scan/baseline-schema.ts';
import { exemptionShape } from '../scan/exemption-schema.ts';
import { scopeShape } from '../scan/scope-schema.ts';
import { list, type Properties, shape, textListSchema, textSchema } from '../scan/schema-shapes.ts';
import { alternativeShape, findingShape, remediationShape } from '../scan/finding-schema.ts';

const time = { type: 'string', format: 'date-time' };
const always = (properties: Properties): Properties => properties;
const finding = { $ref: '#/$defs/finding' };

const reportShape = shape({
  file: { ...textSchema, description: 'As named on the command line.' },
  schemaVersion: { enum: ['1.0', '1.1'] },
  tool: shape({ name: textSchema, version: textSchema }),
  startedAt: time,
  finishedAt: time,
  complete: { type: 'boolean' },
  scope: scopeShape(always),
});

const beforeShape = shape(
  {
    severity: { $ref: '#/$defs/severity' },
    compliance: { enum: ['nonCompliant', 'unknown', 'exempt'] },
    evidence: { type: 'array', items: { type: 'object' } },
  },
  { exemption: { $ref: '#/$defs/exemption' } },
);

/** The JSON Schema (2020-12) of `diff --output json`; published as `schemas/diff.schema.json`. */
export const comparisonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:diff:1.0',
  title: 'purgeproof diff',
  description:
    'The difference between the findings of two reports, by fingerprint. Compliant verdicts are no findings.',
  ...shape({
    schemaVersion: { const: '1.0' },
    complete: {
      type: 'boolean',
      description: 'False when not everything could be compared: nothing is known about the rest.',
    },
    older: reportShape,
    newer: reportShape,
    summary: countsShape,
    new: {
      ...list(finding),
      description: 'In the newer report alone, where the older one would have had it.',
    },
    updated: list(shape({ ...changeProperties, before: beforeShape, finding })),
    gone: {
      ...list(finding),
      description: 'In the older report alone, where the newer one would have had it.',
    },
    notCompared: {
      ...list(uncomparedShape),
      description: 'In one report alone, where the other one does not tell.',
    },
    notCovered: {
      ...list(reasonShape),
      description:
        'What the older report covers and the newer one does not, whether it has findings there or not.',
    },
    judgedOtherwise: { ...textListSchema, description: 'Rules that were judged with other parameters.' },
  }),
  $defs: {
    severity: { enum: severities },
    finding: findingShape(always),
    exemption: exemptionShape(always),
    alternative: alternativeShape,
    remediation: remediationShape,
  },
};
