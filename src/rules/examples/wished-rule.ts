import { UsageError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import type { Severity } from '../../model/severity.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import type { FieldType } from '../../resource-types/resource-type.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';
import type { NamedRule } from '../find-rule.ts';
import { operators } from '../operators/index.ts';
import { inWords } from '../operators/scalar.ts';
import type { NewRule } from './new-rule.ts';

/** A new rule as far as it is asked for. */
export interface RuleWishes {
  readonly name?: string;
  readonly title?: string;
  readonly severity: Severity;
  /** The words for a resource type, joined by hyphens, such as `managed-hsm`. */
  readonly type: string;
  readonly description?: string;
  readonly field: string;
  readonly operator?: string;
  /** Values of a list are separated by commas. */
  readonly value?: string;
  readonly tag?: { readonly name: string; readonly value: string };
}

/**
 * A rule as it is wished for, with what is usual for its field in the place of what is not said. Throws UsageError where nothing is
 * usual. `taken` are the rules that there are.
 */
export function wishedRule(
  wishes: RuleWishes & { readonly id: string },
  taken: readonly NamedRule[],
): NewRule {
  const {
    id,
    severity,
    field,
    tag,
    description = 'Say here why it matters, and what happens otherwise.',
  } = wishes;
  const resourceType =
    resourceTypes.find((one) => typeWord(one.words.one) === wishes.type)?.type ?? wishes.type;
  const known = canonicalField([resourceType], field);
  const type = 'path' in known ? known.type : undefined;
  const operator = wishes.operator ?? usualOperator(type, field);
  const value = valueFrom(wishes.value, operator, type);
  const short = /^tags(?:\.|\[['"]?)([^\]'"]+)/iu.exec(field)?.[1];
  const usual = kebab(
    short === undefined ? (field.replaceAll('[*]', '').split('.').at(-1) ?? '') : `${short}-tag`,
  );
  const isTaken = taken.some(({ name }) => name.toLowerCase() === usual);
  const words = operators[operator]?.phrase(value, true, inWords) ?? operator;
  const subject = short === undefined ? field.replace(/^properties\./u, '') : `The tag ${short}`;
  return {
    id,
    name: wishes.name ?? (isTaken ? `${usual}-${id.toLowerCase()}` : usual),
    title: wishes.title ?? `${subject} ${words}`,
    severity,
    resourceType,
    description,
    field,
    operator,
    value,
    ...(tag === undefined ? {} : { tag }),
  };
}

function typeWord(words: string): string {
  return words.toLowerCase().replaceAll(' ', '-');
}

function kebab(text: string): string {
  const words =
    text
      .replaceAll(/([a-z0-9])([A-Z])/gu, '$1-$2')
      .toLowerCase()
      .match(/[a-z0-9]+/gu) ?? [];
  const name = words.join('-').replace(/^[\d-]+/u, '');
  return name === '' ? 'own-rule' : name;
}

function usualOperator(type: FieldType | undefined, field: string): string {
  if (type === 'integer') return 'greaterOrEquals';
  if (type === 'boolean' || Array.isArray(type)) return 'equals';
  return type === 'array' && !field.endsWith('[*]') ? 'contains' : 'exists';
}

/** The value that is compared with; without one that of the field that is most often asked for, where there is such a value. */
function valueFrom(text: string | undefined, operator: string, type: FieldType | undefined): Json {
  const kind = operators[operator]?.kind;
  if (text === undefined) {
    if (kind === 'presence' || (kind === 'equality' && type === 'boolean')) return true;
    if (kind === 'order' && type === 'integer') return 90;
    const words = Array.isArray(type) ? `: ${type.join(', ')}` : '.';
    throw new UsageError(
      `What the field is compared with by ${operator} is not said.`,
      `Name it with --value${words}`,
    );
  }
  const read = (word: string): Json => scalarFrom(word, kind === 'presence' ? 'boolean' : type);
  return kind === 'membership' ? text.split(',').map((word) => read(word.trim())) : read(text);
}

function scalarFrom(word: string, type: FieldType | undefined): Json {
  if (type === 'boolean' && /^(?:true|false)$/iu.test(word)) return word.toLowerCase() === 'true';
  return type === 'integer' && /^-?\d+$/u.test(word) ? Number(word) : word;
}
