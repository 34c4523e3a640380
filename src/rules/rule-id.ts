/** A rule's id: the text of a regular expression. */
export const ruleId = '[A-Z]{2,8}[0-9]{3,4}';

/** A rule's id where it is named, in any letter case: the text of a regular expression. */
const ruleIdInAnyCase = '[A-Za-z]{2,8}[0-9]{3,4}';

/** A rule's name: the text of a regular expression. */
export const ruleName = '[a-z][a-z0-9]*(-[a-z0-9]+)*';

/**
 * A rule where it is meant, by its id or its name, in any letter case: the text of a regular expression. The ids of Azure Policy
 * begin with a digit or a letter.
 */
export const ruleReference = '[A-Za-z0-9]+(-[A-Za-z0-9]+)*';

/** True for a text that could be the id or the name of a rule, in any letter case. */
export function isRuleReference(text: string): boolean {
  return new RegExp(`^${ruleReference}$`, 'u').test(text);
}

/** True for a text that could be the id of a rule, in any letter case. */
export function isRuleId(text: string): boolean {
  return new RegExp(`^${ruleIdInAnyCase}$`, 'u').test(text);
}
