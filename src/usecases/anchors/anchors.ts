import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';

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
 * Where a finding is shown when nothing better anchors it: the user's own rule file, the configuration file, the
 * workflow that runs the scan, and at the very last the built-in rule's place in this package.
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
    // A user's rule outside of the checkout has no path that code scanning would take: its id stands for it.
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
