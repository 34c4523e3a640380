/** A rule's id: the text of a regular expression. */
export const ruleId = '[A-Z]{2,8}[0-9]{3,4}';

/** A rule's id where it is named, in any letter case: the text of a regular expression. */
export const ruleIdInAnyCase = '[A-Za-z]{2,8}[0-9]{3,4}';

/** True for a text that could be the id of a rule, in any letter case. */
export function isRuleId(text: string): boolean {
  return new RegExp(`^${ruleIdInAnyCase}$`, 'u').test(text);
}
