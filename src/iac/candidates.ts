import type { FindingResource } from '../model/finding.ts';
import type { DeclaredVault } from './declared-vault.ts';
import { literalOf, matchesName } from './evaluation/name-pattern.ts';
import { canTell } from './identity/evidence.ts';

/**
 * The declarations that may be of a resource: those with its id (in a tag, too), its very name, or a pattern that fits. Built
 * once, so that thousands of findings do not each look at every declaration.
 */
export function candidatesIn(
  declarations: readonly DeclaredVault[],
): (resource: FindingResource) => readonly DeclaredVault[] {
  const byText = new Map<string, Set<DeclaredVault>>();
  const withPatterns = new Set<DeclaredVault>();
  const note = (text: string, declared: DeclaredVault): void => {
    const noted = byText.get(text);
    if (noted === undefined) byText.set(text, new Set([declared]));
    else noted.add(declared);
  };
  for (const declared of declarations) {
    for (const id of declared.resourceIds) note(id, declared);
    for (const name of declared.names) {
      const literal = literalOf(name);
      if (literal !== undefined) note(literal, declared);
      else if (canTell(name)) withPatterns.add(declared);
    }
    for (const value of declared.tags.values())
      if (/^\/subscriptions\//i.test(value)) note(value.toLowerCase(), declared);
  }
  return ({ id, name }) => {
    const wanted = name.toLowerCase();
    const byPattern = [...withPatterns].filter(({ names }) =>
      names.some((pattern) => matchesName(pattern, wanted)),
    );
    const byId = byText.get(id.toLowerCase()) ?? [];
    return [...new Set([...byId, ...(byText.get(wanted) ?? []), ...byPattern])];
  };
}
