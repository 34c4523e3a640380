import { resourceTypes } from '../../resource-types/index.ts';
import { operators } from '../operators/index.ts';
import type { Operator } from '../operators/operator.ts';
import { type JsonSchema, nonEmptyListOf, objectOf } from '../../documents/schema/json-schema.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { KeyKind, SchemaVocabulary } from '../../documents/schema/schema-wording.ts';
import { named } from '../../documents/value-wording.ts';
import type { SchemaError } from '../../documents/schema/schema-error.ts';

/** The keys that combine conditions. */
export const combiners = ['allOf', 'anyOf', 'not'] as const;

/** The keys that name the subject of a comparison. */
export const subjects = ['field', 'value', 'count'] as const;

/** Refers to the definition that `conditionSchema` is published under. */
export const conditionRef: JsonSchema = { $ref: '#/$defs/condition' };

/** A parameter in the place of a value whose type is not text. */
const parameterReference: JsonSchema = {
  type: 'string',
  pattern: "^\\[\\s*parameters\\(\\s*'[^']+'\\s*\\)\\s*\\]$",
  patternErrorMessage: "[parameters('name')]",
};

/** A condition, assembled from the operators: one combiner, or one subject and one operator. */
export const conditionSchema: JsonSchema = {
  type: 'object',
  title: 'condition',
  description: 'A condition, as in Azure Policy.',
  properties: {
    allOf: nonEmptyListOf(conditionRef, 'All of these hold.'),
    anyOf: nonEmptyListOf(conditionRef, 'At least one of these holds.'),
    not: { ...conditionRef, description: 'This does not hold.' },
    field: fieldSchema('The field that is compared: a path, a tag, or an Azure Policy alias.'),
    value: { description: "A value that is compared instead of a field, such as [parameters('name')]." },
    count: objectOf(
      {
        field: fieldSchema('The array whose elements are counted; ends in [*].'),
        where: { ...conditionRef, description: 'Counts only the elements for which this holds.' },
      },
      ['field'],
      'Compares the number of elements of an array.',
    ),
    ...Object.fromEntries(
      Object.entries(operators).map(([name, operator]) => [name, operandSchema(operator)]),
    ),
  },
  additionalProperties: false,
  oneOf: [
    ...combiners.map((key) => ({ required: [key], maxProperties: 1 })),
    ...subjects.map((key) => ({
      required: [key],
      minProperties: 2,
      maxProperties: 2,
      properties: Object.fromEntries(
        [...combiners, ...subjects].filter((other) => other !== key).map((other) => [other, false]),
      ),
    })),
  ],
};

function fieldSchema(description: string): JsonSchema {
  const paths = resourceTypes.flatMap(({ fields }) => Object.keys(fields));
  return { type: 'string', minLength: 1, description, examples: [...new Set(paths)].toSorted() };
}

/** The operand of an operator; where text is not allowed, a parameter reference is. */
function operandSchema({ operand, note: description }: Operator): JsonSchema {
  const types = [operand['type']].flat();
  if (types.includes('string')) return { ...operand, description };
  return { description, anyOf: [operand, parameterReference] };
}

/** The terms of conditions, for messages about a rule file: operators, combiners, and parameters in place of values. */
export const conditionVocabulary: SchemaVocabulary = {
  classifyKey,
  explainForm: explainCondition,
  explainType: explainList,
  placeholder: parameterReference,
};

function classifyKey({ parentSchema, data }: SchemaError): KeyKind | undefined {
  const isOperator =
    parentSchema === conditionSchema && isJsonObject(data) && subjects.some((subject) => subject in data);
  return isOperator ? { kind: 'operator', known: Object.keys(operators) } : undefined;
}

/** The operators that take a list, by those that take one value. */
const operatorsForLists: Readonly<Record<string, string>> = { equals: 'in', notEquals: 'notIn' };

/** Explains a list in the place of one condition or value, and one condition in the place of a list. */
function explainList({ path, parentSchema, data }: SchemaError): string | undefined {
  const key = path.at(-1);
  if (parentSchema === conditionSchema && Array.isArray(data)) {
    if (data.length === 1) return `${named(path)} takes a condition itself, not a list of one`;
    const joined =
      key === 'not'
        ? 'anyOf (none may hold) or allOf (not all may)'
        : 'allOf (all must hold) or anyOf (one must)';
    return `${named(path)} takes one condition, not a list; put the list under ${joined}`;
  }
  const forSeveral = typeof key === 'string' && Array.isArray(data) ? operatorsForLists[key] : undefined;
  if (forSeveral !== undefined)
    return `${named(path)} takes one value, not a list; for several, use ${forSeveral}`;
  const isList = parentSchema['items'] === conditionRef && isJsonObject(data);
  return isList ? `${named(path)} takes a list of conditions, even for one; begin each with "- "` : undefined;
}

/** An object of known keys that is not a condition, and the key to blame (none where one is missing). */
interface ConditionFault {
  readonly key?: string;
  readonly message: string;
}

/** Explains what a condition lacks or has too much: it is one combiner, or one subject and one operator. */
function explainCondition(condition: JsonObject): ConditionFault {
  const keys = Object.keys(condition);
  const combining = keys.filter((key) => isOneOf(combiners, key));
  const compared = keys.filter((key) => isOneOf(subjects, key));
  const operators = keys.filter((key) => !combining.includes(key) && !compared.includes(key));
  const [combiner] = combining;
  if (combiner !== undefined) return besideCombiner(combiner, keys);
  const [subject, second] = compared;
  if (subject === undefined) return withoutSubject(operators[0]);
  if (second !== undefined) {
    return { key: second, message: `"${subject}" and "${second}" exclude each other; keep one of them` };
  }
  return operatorCount(subject, operators);
}

function isOneOf(words: readonly string[], key: string): boolean {
  return words.includes(key);
}

function besideCombiner(combiner: string, keys: readonly string[]): ConditionFault {
  const other = keys.find((key) => key !== combiner) ?? combiner;
  return {
    key: other,
    message: `"${combiner}" must stand alone; move "${other}" into a condition of its own`,
  };
}

function withoutSubject(operator: string | undefined): ConditionFault {
  if (operator !== undefined) {
    return { key: operator, message: `"${operator}" has nothing to compare; add field, value or count` };
  }
  return { message: 'the condition is empty; it needs a field and an operator, or allOf, anyOf or not' };
}

function operatorCount(subject: string, operators: readonly string[]): ConditionFault {
  const [first, second] = operators;
  if (first !== undefined && second !== undefined) {
    const both = `"${first}" and "${second}"`;
    return {
      key: second,
      message: `two operators in one condition: ${both}; join two conditions with allOf`,
    };
  }
  const example = subject === 'count' ? 'equals or greater' : 'equals or exists';
  return {
    key: subject,
    message: `"${subject}" is compared with nothing; add an operator such as ${example}`,
  };
}
