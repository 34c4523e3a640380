import { list, shape, textListSchema, textSchema } from './schema-shapes.ts';

const amount = { type: 'integer', minimum: 0 };
const finding = { $ref: '#/$defs/finding' };

/** The schema of why a report does not tell of a finding. */
export const reasonShape = shape({
  kind: {
    enum: ['rule', 'type', 'subscription', 'inventory', 'code', 'part', 'gap', 'filter', 'interrupted'],
  },
  what: {
    ...textSchema,
    description:
      'The rule, resource type, subscription, inventory, code or part, or the scope of the gap; empty for a filter, for an interruption, and where no code was scanned.',
  },
});

/** The schema of a finding that is not compared. */
export const uncomparedShape = shape({
  in: { enum: ['older', 'newer'], description: 'The report that has the finding.' },
  reason: { ...reasonShape, description: 'Why the other one does not tell of it.' },
  finding,
});

/** The schemas of what changed in a finding, and for better or worse. */
export const changeProperties = {
  direction: {
    enum: ['worse', 'better', 'neither'],
    description: 'neither: other evidence, another exemption, or a failure that cannot be judged now.',
  },
  changed: list({ enum: ['severity', 'compliance', 'evidence', 'exemption'] }),
} as const;

/** The schema of the numbers of a comparison. */
export const countsShape = shape({
  new: amount,
  worse: { ...amount, description: 'Those of the updated ones that became worse.' },
  updated: amount,
  unchanged: amount,
  gone: amount,
  notCompared: amount,
});

/** The schema of what became of a baseline. */
export const baselineShape = {
  description: 'What became of the findings of the baseline; absent where there was none.',
  ...shape(
    {
      file: { ...textSchema, description: 'As named on the command line, or the commit.' },
      finishedAt: { type: 'string', format: 'date-time' },
      complete: { type: 'boolean', description: 'Of the baseline.' },
      compared: {
        type: 'boolean',
        description: 'False when not everything could be compared: nothing is known about the rest.',
      },
      summary: countsShape,
      updated: {
        ...list(
          shape({
            fingerprint: textSchema,
            severity: { $ref: '#/$defs/severity' },
            compliance: { enum: ['nonCompliant', 'unknown', 'exempt'] },
            ...changeProperties,
          }),
        ),
        description: 'The severity and the compliance that an updated finding had.',
      },
      gone: { ...list(finding), description: 'Findings of the baseline that are no more.' },
      notCompared: {
        ...list(uncomparedShape),
        description:
          'Findings of one side of which the other does not tell. Those of this report count as new; those of the baseline are not gone.',
      },
    },
    {
      judgedOtherwise: {
        ...textListSchema,
        description:
          'The ids of rules that were judged with other parameters than in the baseline: what is new or gone by them may be so for that alone. Absent where there is none.',
      },
      code: {
        description: 'Present where the baseline is the code of a commit.',
        ...shape({
          commit: textSchema,
          changed: {
            ...textListSchema,
            description: 'The ids of the resources that are new or declared otherwise now, in lower case.',
          },
          touched: {
            ...textListSchema,
            description:
              'The fingerprints of findings that were there before, on what is declared otherwise now: they count as well.',
          },
        }),
      },
    },
  ),
};

/** The schema of what is in Azure of what code declares. */
export const deployedShape = {
  description: 'What is in Azure of each resource that the code declares; absent where nobody asked.',
  ...list(
    shape(
      {
        declared: {
          ...shape({ id: textSchema, name: textSchema, type: textSchema }),
          description: 'As in findings.',
        },
        declaredAt: shape({ file: textSchema, line: amount, column: amount }),
        state: {
          enum: ['deployed', 'notDeployed', 'notKnown'],
          description:
            'notDeployed: all was read, and nothing has its name. notKnown: nothing is certain to be it.',
        },
      },
      {
        id: { ...textSchema, description: 'The ARM id of what is deployed.' },
        findings: {
          ...list(finding),
          description:
            'The verdicts on what is deployed: those that are not compliant, and those of rules with a finding on the code.',
        },
        reason: { ...textSchema, description: 'Why it is not deployed, or not known; a sentence.' },
      },
    ),
  ),
};
