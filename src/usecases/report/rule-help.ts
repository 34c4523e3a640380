import type { Rule } from '../../model/rule.ts';
import type { ScanReportContext } from '../../reporters/scan/format.ts';
import { ruleHelp } from '../../rules/rule-help.ts';

/** The help of the rules that a report may name. */
export function ruleHelpOf(rules: readonly Rule[]): ScanReportContext['ruleHelp'] {
  const help = new Map(rules.map((rule) => [rule.id, ruleHelp(rule)]));
  return (ruleId) => {
    const found = help.get(ruleId);
    if (found === undefined) throw new Error(`the report names the rule ${ruleId}, which was not loaded`);
    return found;
  };
}
