import { list, shape, type Since11, textSchema } from './schema-shapes.ts';

/** The exemption of a finding. */
export function exemptionShape(since11: Since11) {
  return shape(
    { category: { enum: ['waiver', 'mitigated'] }, reason: textSchema },
    {
      owner: textSchema,
      ticket: textSchema,
      expiresOn: { type: 'string', format: 'date' },
      ...since11({ id: { ...textSchema, description: 'The ARM id of an exemption of Azure Policy.' } }),
    },
  );
}

const place = { type: 'integer', minimum: 1 };

/** The schema of conditions that the authors of exemptions should know of. */
export const noticesShape = {
  ...list(
    shape(
      {
        kind: {
          enum: ['withoutEffect', 'endsSoon', 'expired', 'notEvaluated'],
          description: 'notEvaluated: it may be meant for a finding, and exempts nothing here.',
        },
        message: textSchema,
      },
      {
        file: { ...textSchema, description: 'Of one in a file; with line and column.' },
        line: place,
        column: place,
        id: { ...textSchema, description: 'The ARM id of one of Azure Policy.' },
        rule: { ...textSchema, description: 'A rule id, or * for every rule.' },
        expiresOn: { type: 'string', format: 'date' },
      },
    ),
  ),
  description:
    'What the authors of exemptions should know. It changes no verdict; absent where there is nothing.',
};
