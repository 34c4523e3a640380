import { linksOf } from './file-links.ts';
import type { SourceText } from './source-text.ts';
import type { Template } from './template.ts';

/** Templates as they are read, and the keys of those that are to be. */
export interface RelevantTemplates {
  readonly templates: Map<string, Template>;
  readonly relevant: ReadonlySet<string>;
}

/**
 * The keys of the templates that may declare a vault or managed HSM, or call one that may. Nothing else of a checkout
 * has to be parsed, unless one of these takes a value from it.
 */
export function relevantKeys(files: readonly SourceText[]): ReadonlySet<string> {
  const relevant = new Set<string>();
  const callers = new Map<string, Set<string>>();
  for (const file of files) {
    const links = linksOf(file);
    if (links === undefined) continue;
    if (links.declares) relevant.add(links.key);
    for (const target of links.calls) callers.set(target, (callers.get(target) ?? new Set()).add(links.key));
  }
  // A set that grows while it is gone through is gone through to its end.
  for (const key of relevant) for (const caller of callers.get(key) ?? []) relevant.add(caller);
  return relevant;
}
