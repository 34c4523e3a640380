import type { FindingResource } from '../model/finding.ts';
import type { DeclaredVault } from './declared-vault.ts';
import { literalOf } from './name-pattern.ts';

/**
 * The declarations that may be of a resource: those with its id or its very name, and those with patterns. Built
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
      if (literal === undefined) withPatterns.add(declared);
      else note(literal.toLowerCase(), declared);
    }
  }
  return ({ id, name }) => [
    ...new Set([
      ...(byText.get(id.toLowerCase()) ?? []),
      ...(byText.get(name.toLowerCase()) ?? []),
      ...withPatterns,
    ]),
  ];
}
