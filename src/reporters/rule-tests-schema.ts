import { alternativeShape } from './scan/finding-schema.ts';
import { list, shape, textSchema } from './scan/schema-shapes.ts';

const position = { type: 'integer', minimum: 1 };
const amount = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };
const verdict = { enum: ['pass', 'fail', 'notApplicable', 'unknown'] };
const place = { file: textSchema, line: position, column: position };

const exampleShape = shape(
  {
    kind: {
      ...verdict,
      description: 'The verdict that it should have: the key of the rule file that it stands under.',
    },
    number: { ...position, description: 'Its place among those of its kind.' },
    passed: flag,
    evidence: {
      ...list(
        shape(
          { field: textSchema, expected: {}, actual: {} },
          {
            state: { enum: ['unset', 'unreadable'] },
            words: textSchema,
            alternative: { $ref: '#/$defs/alternative' },
          },
        ),
      ),
      description: 'The facts that decided, as in a report.',
    },
    ...place,
  },
  {
    found: {
      ...verdict,
      description: 'The verdict that it has; absent for a resource of a type that the rule is not about.',
    },
    problem: { ...textSchema, description: 'What is wrong; absent where it is as it should be.' },
  },
);

const gapShape = shape(
  {
    kind: {
      enum: ['verdict', 'state', 'outcome'],
      description:
        'A verdict that no example has, a state in which no example has a field, or an outcome that a comparison never has.',
    },
    of: { ...textSchema, description: 'The verdict, the field, or the comparison in words.' },
    message: textSchema,
    ...place,
  },
  {
    is: { enum: ['unset', 'null', 'empty', 'wrongType', 'true', 'false'] },
    proposal: {
      ...shape({ kind: verdict, body: { type: 'object' } }),
      description:
        'An example that would show it, under the verdict that the rule gives it as it stands; absent where none was found.',
    },
  },
);

/** The JSON Schema (2020-12) of `rules test --output json`; published as `schemas/rule-tests.schema.json`. */
export const ruleTestsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:purgeproof:rule-tests:1.0',
  title: 'purgeproof rule tests',
  description: 'The examples of rules, their verdicts, and what no example shows.',
  ...shape({
    schemaVersion: { const: '1.0' },
    passed: { ...flag, description: 'True where the exit code is 0.' },
    strict: { ...flag, description: 'True where what is missing counts as much as a wrong example.' },
    rules: list(
      shape({
        id: textSchema,
        name: textSchema,
        passed: flag,
        ...place,
        examples: list(exampleShape),
        coverage: shape({ toShow: amount, shown: amount, missing: list(gapShape) }),
      }),
    ),
    notTested: {
      ...list(shape({ message: textSchema, ...place })),
      description: 'Definitions of Azure Policy: they have no examples.',
    },
  }),
  $defs: { alternative: alternativeShape },
};
