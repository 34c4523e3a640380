/** The form of object ids, and of the ids of subscriptions and tenants. */
export const guidPattern = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

const guid = new RegExp(guidPattern);

/** True for text of that form. */
export function isGuid(text: string): boolean {
  return guid.test(text);
}
