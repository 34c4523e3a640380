import type { Anchors } from '../../iac/anchor.ts';
import type { Piecewise } from '../../iac/piecewise.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';

/** Where findings are shown, and which resources have several declarations that would do as well. */
export interface Anchoring {
  readonly anchor: (finding: Finding) => Location;
  /** A sentence for each resource whose declaration is not certain. */
  readonly notes: readonly string[];
}

/** How the anchors of one report are chosen. */
export interface AnchorChoice {
  /** Where infrastructure code declares what a finding is about. */
  readonly declared: Anchors;
  /** Whether code scanning can show a file. */
  readonly usable: (file: string) => boolean;
  readonly fallback: (finding: Finding) => Location;
}

/**
 * Shows each finding where infrastructure code declares its resource, else where `fallback` says. Of several places
 * that would do as well none is chosen: the finding takes its fallback, and a note names them.
 */
export function* declaredAnchors(findings: readonly Finding[], choice: AnchorChoice): Piecewise<Anchoring> {
  const places = new Map<string, Location>();
  const notes = new Map<string, string>();
  for (const finding of findings) {
    yield;
    const answer = choice.declared(finding);
    if (answer.kind === 'found' && choice.usable(answer.location.file))
      places.set(finding.fingerprint, answer.location);
    else if (answer.kind === 'ambiguous' && isGap(finding))
      notes.set(finding.resource.id.toLowerCase(), describe(finding, answer.candidates));
  }
  return {
    anchor: (finding) => places.get(finding.fingerprint) ?? choice.fallback(finding),
    notes: [...notes.values()].toSorted(),
  };
}

const mostCandidates = 4;

function describe({ resource }: Finding, candidates: readonly Location[]): string {
  const shown = candidates.slice(0, mostCandidates).map(({ file, line }) => `${file}:${line}`);
  const more = candidates.length - shown.length;
  const list = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${resource.name} could be declared in any of ${list}, so its findings are shown in none of them.`;
}

function isGap({ compliance }: Finding): boolean {
  return compliance === 'nonCompliant' || compliance === 'unknown';
}
