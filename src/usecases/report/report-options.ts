import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';
import type { ReporterOptions } from '../../reporters/format.ts';
import { ruleHelp } from '../../rules/rule-help.ts';

/** What reporters know of rules and places, whatever the format and wherever the report goes. */
export function reportOptions(
  rules: readonly Rule[],
  anchor: (finding: Finding) => Location,
): Pick<ReporterOptions, 'anchor' | 'ruleHelp'> {
  const help = new Map(rules.map((rule) => [rule.id, ruleHelp(rule)]));
  return {
    anchor,
    ruleHelp(ruleId) {
      const found = help.get(ruleId);
      if (found === undefined) throw new Error(`the report names the rule ${ruleId}, which was not loaded`);
      return found;
    },
  };
}
