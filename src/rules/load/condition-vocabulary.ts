import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { operators } from '../operators/index.ts';
import { combiners, conditionDefinition, parameterReference, subjects } from '../schema/condition-schema.ts';
import type { KeyKind, SchemaVocabulary } from '../../documents/schema/schema-wording.ts';
import type { SchemaError } from '../../documents/schema/schema-error.ts';

/** The terms of conditions, for messages about a rule file: operators, combiners, and parameters in place of values. */
export const conditionVocabulary: SchemaVocabulary = {
  classifyKey,
  explainForm: explainCondition,
  placeholder: parameterReference,
};

function classifyKey({ parentSchema, data }: SchemaError): KeyKind | undefined {
  const isOperator =
    parentSchema === conditionDefinition && isJsonObject(data) && subjects.some((subject) => subject in data);
  return isOperator ? { kind: 'operator', known: Object.keys(operators) } : undefined;
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
