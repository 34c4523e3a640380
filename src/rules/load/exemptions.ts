import { isRuleId } from '../rule-id.ts';
import { PolicyError } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import { exemptionsSchema } from '../schema/exemptions-schema.ts';
import { readDocument } from '../../documents/read-document.ts';
import {
  type Mistake,
  type SourceFile,
  type UserDocument,
  inReadingOrder,
  locateAll,
} from '../../documents/document.ts';
import { suggestion } from '../../documents/suggestions.ts';
import { validateBy } from '../../documents/schema/validate.ts';

const validate = validateBy(exemptionsSchema);

/** Loads an exemptions file. `ruleIds` are those of every loaded rule. Throws PolicyError with every mistake. */
export function loadExemptions(file: SourceFile, ruleIds: readonly string[]): readonly Exemption[] {
  const { document, problems } = readDocument(file);
  if (document === undefined) throw new PolicyError(inReadingOrder(problems));
  const { value } = document;
  const mistakes = [
    ...validate(value),
    ...items(value).flatMap((item, index) => checkItem(item, index, ruleIds)),
  ];
  const all = [...problems, ...locateAll(document, mistakes)];
  if (all.length > 0) throw new PolicyError(inReadingOrder(all));
  return items(value).map((item, index) => toExemption(item, locate(document, index)));
}

function items(value: Json): readonly Json[] {
  const list = isJsonObject(value) ? value['exemptions'] : undefined;
  return Array.isArray(list) ? list : [];
}

function locate(document: UserDocument, index: number): Location {
  return document.locate(['exemptions', index]);
}

function checkItem(item: Json, index: number, ruleIds: readonly string[]): readonly Mistake[] {
  if (!isJsonObject(item)) return [];
  const { rule, expiresOn } = item;
  const mistakes: Mistake[] = [];
  if (typeof rule === 'string' && isUnknown(rule, ruleIds)) {
    const message = `there is no rule "${rule}"${suggestion(rule, ruleIds)}`;
    mistakes.push({ path: ['exemptions', index, 'rule'], message });
  }
  if (typeof expiresOn === 'string' && isInvalidDate(expiresOn)) {
    const message = `"expiresOn" is ${expiresOn}, which is not a valid date`;
    mistakes.push({ path: ['exemptions', index, 'expiresOn'], message });
  }
  return [...mistakes, ...repeatedTags(item, index)];
}

/** Azure ignores letter case in the names of tags, so two that differ in nothing else are one. */
function repeatedTags({ scope }: JsonObject, index: number): readonly Mistake[] {
  const tag = isJsonObject(scope) ? scope['tag'] : undefined;
  const names = isJsonObject(tag) ? Object.keys(tag) : [];
  return names.flatMap((name, position) => {
    const earlier = names.slice(0, position).find((other) => other.toLowerCase() === name.toLowerCase());
    if (earlier === undefined) return [];
    const message = `${JSON.stringify(earlier)} and ${JSON.stringify(name)} are the same tag: Azure ignores letter case in their names`;
    return [{ path: ['exemptions', index, 'scope', 'tag', name], message }];
  });
}

function isUnknown(rule: string, ruleIds: readonly string[]): boolean {
  const isId = isRuleId(rule);
  return isId && !ruleIds.some((id) => id.toUpperCase() === rule.toUpperCase());
}

/** True for text in the form of a date that does not exist, such as 2027-02-30. */
function isInvalidDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text;
}

function toExemption(item: Json, location: Location): Exemption {
  if (!isExemption(item)) throw new Error('an exemption that the schema refuses was not refused');
  const { rule, scope, category, reason, owner, ticket, expiresOn } = item;
  return {
    rule,
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
