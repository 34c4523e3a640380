import type { Anchors } from '../iac/anchor.ts';
import type { Piecewise } from '../iac/piecewise.ts';
import type { Anchoring } from '../model/anchors.ts';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import { joinFirst } from '../model/join-words.ts';
import type { Rule } from '../model/rule.ts';

/** Files that may carry an alert when no infrastructure code does. */
export interface AnchorFiles {
  /**
   * The path of a file relative to the root of the checkout, with forward slashes; `undefined` where no such file is
   * in it. Takes paths as the user wrote them.
   */
  readonly inCheckout: (file: string) => Promise<string | undefined>;
  readonly configFile?: string;
  /** The workflow that runs the scan, as a path in its repository: a scan need not check it out. */
  readonly workflowFile?: string;
  /** Files that the scan itself writes: they are never anchors, since they change with every scan. */
  readonly written: readonly string[];
}

/**
 * The place of a finding without a better anchor: the user's own rule file, the configuration file, the workflow
 * that runs the scan, and as the last resort the built-in rule's place in this package.
 */
export async function fallbackAnchors(
  rules: readonly Rule[],
  files: AnchorFiles,
): Promise<(finding: Finding) => Location> {
  const written = new Set(await Promise.all(files.written.map(files.inCheckout)));
  const usable = async (file: string | undefined): Promise<string | undefined> => {
    const path = file === undefined ? undefined : await files.inCheckout(file);
    return written.has(path) ? undefined : path;
  };
  const workflow = written.has(files.workflowFile) ? undefined : files.workflowFile;
  const shared = (await usable(files.configFile)) ?? workflow;
  const anchorOf = async (rule: Rule): Promise<Location> => {
    const own = rule.builtIn ? undefined : await usable(rule.location.file);
    if (own !== undefined) return { ...rule.location, file: own };
    if (shared !== undefined) return { file: shared, line: 1, column: 1 };
    // A user's rule outside the checkout has no path that code scanning would accept: its id takes its place.
    return rule.builtIn ? rule.location : { file: `policies/${rule.id}.yaml`, line: 1, column: 1 };
  };
  const anchors = await Promise.all(rules.map(async (rule) => [rule.id, await anchorOf(rule)] as const));
  const byRule = new Map(anchors);
  return ({ ruleId }) => {
    const anchor = byRule.get(ruleId);
    if (anchor === undefined) throw new Error(`a finding names the rule ${ruleId}, which was not loaded`);
    return anchor;
  };
}

/** The path in `GITHUB_WORKFLOW_REF`: `owner/repository/.github/workflows/scan.yml@refs/heads/main`. */
export function workflowFileIn(ref: string | undefined): string | undefined {
  return /^[^/]+\/[^/]+\/(.+?)@refs\//.exec(ref ?? '')?.[1];
}

/** The candidates for the anchors of one report. */
export interface AnchorChoice {
  /** The declaration of a finding's resource in infrastructure code. */
  readonly declared: Anchors;
  /** True if code scanning can show a file. */
  readonly usable: (file: string) => boolean;
  readonly fallback: (finding: Finding) => Location;
}

/**
 * Anchors each finding at the declaration of its resource in infrastructure code, else at its fallback. Of several
 * equally good declarations none is chosen: the finding takes its fallback, and a note names them.
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
  const places = candidates.map(({ file, line }) => `${file}:${line}`);
  const list = joinFirst(places, mostCandidates);
  return `${resource.name} could be declared in any of ${list}, so its findings are shown in none of them.`;
}

function isGap({ compliance }: Finding): boolean {
  return compliance === 'nonCompliant' || compliance === 'unknown';
}
