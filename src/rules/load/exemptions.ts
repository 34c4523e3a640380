import { PolicyError } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import { isRuleReference } from '../rule-id.ts';
import { exemptionsSchema } from '../schema/exemptions-schema.ts';
import { repeatedTags } from './config-scopes.ts';
import { readDocument } from '../../documents/read-document.ts';
import {
  type Mistake,
  type SourceFile,
  type UserDocument,
  inReadingOrder,
  locateAll,
} from '../../documents/document.ts';
import { describeNoRule, findRules, type KnownRules } from '../find-rule.ts';
import { validateBy } from '../../documents/schema/validate.ts';

const validate = validateBy(exemptionsSchema);

/** Loads an exemptions file; names of rules become ids. Throws PolicyError with every mistake. */
export function loadExemptions(file: SourceFile, rules: KnownRules): readonly Exemption[] {
  const { document, problems } = readDocument(file);
  if (document === undefined) throw new PolicyError(inReadingOrder(problems));
  const { value } = document;
  const mistakes = [
    ...validate(value),
    ...items(value).flatMap((item, index) => checkItem(item, index, rules)),
  ];
  const all = [...problems, ...locateAll(document, mistakes)];
  if (all.length > 0) throw new PolicyError(inReadingOrder(all));
  return items(value).map((item, index) => toExemption(item, rules, locate(document, index)));
}

function items(value: Json): readonly Json[] {
  const list = isJsonObject(value) ? value['exemptions'] : undefined;
  return Array.isArray(list) ? list : [];
}

function locate(document: UserDocument, index: number): Location {
  return document.locate(['exemptions', index]);
}

function checkItem(item: Json, index: number, rules: KnownRules): readonly Mistake[] {
  if (!isJsonObject(item)) return [];
  const { rule, expiresOn } = item;
  const mistakes: Mistake[] = [];
  const unknown = typeof rule === 'string' && isRuleReference(rule) ? describeNoRule(rule, rules) : undefined;
  if (unknown !== undefined) mistakes.push({ path: ['exemptions', index, 'rule'], message: unknown });
  if (typeof expiresOn === 'string' && isInvalidDate(expiresOn)) {
    const message = `"expiresOn" is ${expiresOn}, which is not a valid date`;
    mistakes.push({ path: ['exemptions', index, 'expiresOn'], message });
  }
  return [...mistakes, ...repeatedTags(item['scope'], ['exemptions', index, 'scope'])];
}

/** True for text in the form of a date that does not exist, such as 2027-02-30. */
function isInvalidDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text;
}

function toExemption(item: Json, rules: KnownRules, location: Location): Exemption {
  if (!isExemption(item)) throw new Error('an exemption that the schema refuses was not refused');
  const { rule, scope, category, reason, owner, ticket, expiresOn } = item;
  return {
    rule: findRules(rule, rules.named)[0]?.id ?? rule,
    scope,
    category,
    reason: reason.trim(),
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    expiresOn,
    location,
  };
}

/** The schema has said that it is one, key by key. */
function isExemption(item: Json): item is JsonObject & Omit<Exemption, 'location'> {
  return (
    isJsonObject(item) && ['rule', 'scope', 'category', 'reason'].every((key) => item[key] !== undefined)
  );
}
