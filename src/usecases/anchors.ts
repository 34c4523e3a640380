import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Rule } from '../model/rule.ts';

/** Files that may carry an alert when no infrastructure code does; each must exist inside the checkout. */
export interface AnchorFiles {
  /** The path of a file relative to the root of the checkout, with forward slashes; `undefined` if it is not in it. */
  readonly inCheckout: (file: string) => string | undefined;
  readonly configFile?: string;
  /** `GITHUB_WORKFLOW_REF`: `owner/repository/.github/workflows/scan.yml@refs/heads/main`. */
  readonly workflowRef?: string;
  /** Files that the scan itself writes: they are never anchors, since they change with every scan. */
  readonly written: readonly string[];
}

/**
 * Where a finding is shown when nothing better anchors it: the user's own rule file, the configuration file, the
 * workflow that runs the scan, and at the very last the built-in rule's place in this package.
 */
export function fallbackAnchors(rules: readonly Rule[], files: AnchorFiles): (finding: Finding) => Location {
  const written = new Set(files.written.flatMap((file) => files.inCheckout(file) ?? []));
  const usable = (file: string | undefined): string | undefined => {
    const path = file === undefined ? undefined : files.inCheckout(file);
    return path === undefined || written.has(path) ? undefined : path;
  };
  const shared = usable(files.configFile) ?? usable(workflowFile(files.workflowRef));
  const byRule = new Map(rules.map((rule) => [rule.id, anchorOf(rule)]));
  return ({ ruleId }) => {
    const anchor = byRule.get(ruleId);
    if (anchor === undefined) throw new Error(`a finding names the rule ${ruleId}, which was not loaded`);
    return anchor;
  };

  function anchorOf(rule: Rule): Location {
    const own = rule.builtIn ? undefined : usable(rule.location.file);
    if (own !== undefined) return { ...rule.location, file: own };
    return shared === undefined ? rule.location : { file: shared, line: 1, column: 1 };
  }
}

function workflowFile(ref: string | undefined): string | undefined {
  return /^[^/]+\/[^/]+\/(.+?)@/.exec(ref ?? '')?.[1];
}
