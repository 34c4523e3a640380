import { controlVerdicts, mappingSources } from '../../model/control.ts';
import type { JsonObject } from '../../model/json.ts';

/** Text. */
export const textSchema = { type: 'string' };

/** A list of texts. */
export const textListSchema = { type: 'array', items: textSchema };

/** The schemas of an object's properties, by name. */
export type Properties = Readonly<Record<string, JsonObject>>;

/** Returns the properties where the version of the report has them. */
export type Since11 = (properties: Properties) => Properties;

/** An object with exactly these properties; the second set may be absent. */
export function shape(required: Properties, optional: Properties = {}) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

/** A list. */
export function list(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

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
        parameters: {
          type: 'object',
          description: 'The values of its parameters in force; in some scopes those of parametersByScope.',
        },
      }),
    },
    since11({
      policy: {
        ...shape(
          {},
          {
            definitionId: textSchema,
            version: textSchema,
            category: textSchema,
            initiative: textSchema,
            effect: { ...textSchema, description: 'The effect in force, in lower case.' },
          },
        ),
        description:
          'The definition of Azure Policy that it was read from; absent for a rule of a rule file.',
      },
      parametersByScope: { $ref: '#/$defs/parametersByScope' },
      notJudged: {
        ...list(shape({ type: textSchema, reason: textSchema }, { include: includeSchema })),
        description:
          'The types among its own that were not judged, each with the reason; absent where all were.',
      },
    }),
  );
}

const includeSchema = { ...textSchema, description: 'The part of a scan that would judge it (--include).' };

/** The verdicts by the controls of the frameworks that were asked for. */
export function frameworksShape() {
  const verdict = { enum: [...controlVerdicts] };
  const kinds = controlVerdicts.filter((kind) => kind !== 'notJudged');
  const rule = shape(
    {
      ruleId: textSchema,
      mappedBy: {
        enum: [...mappingSources],
        description:
          'Who says that the rule serves the control: the framework, an initiative of Azure Policy, or the author of the rule.',
      },
      verdict,
      verdicts: {
        ...shape(Object.fromEntries(kinds.map((kind) => [kind, { type: 'integer', minimum: 0 }]))),
        description: 'Of the rule on resources.',
      },
    },
    { reason: { ...textSchema, description: 'Why it was not judged, or is unknown without a finding.' } },
  );
  const control = shape(
    {
      id: textSchema,
      verdict: { ...verdict, description: 'The first of them that any of its rules has.' },
      coverage: { enum: ['whole', 'part'], description: 'The part of the control that its rules check.' },
      rules: list(rule),
    },
    { title: textSchema },
  );
  return {
    ...list(
      shape(
        {
          name: textSchema,
          controls: list(control),
          notCovered: list(shape({ id: textSchema }, { title: textSchema })),
        },
        { title: textSchema, version: textSchema },
      ),
    ),
    description:
      'The verdicts by control, where --framework asked for them. notCovered lists controls about key vaults that no rule serves, as far as they are known.',
  };
}
