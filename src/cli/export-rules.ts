import { type ExportedRule, exportInitiative, exportRule } from '../azure-policy/export-definition.ts';
import type { ExportedEffect } from '../azure-policy/export-parameters.ts';
import { compareText } from '../model/compare-text.ts';
import { UsageError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { findRules } from '../rules/find-rule.ts';
import { unknownRules } from '../usecases/settings/rules-found.ts';
import type { CommandContext } from './context.ts';
import { tell } from './terminal.ts';

/** The flags of `rules export`. */
export interface ExportFlags {
  readonly effect: ExportedEffect;
  readonly initiative?: true;
  readonly scope?: string;
}

type Exportable = Extract<ExportedRule, { readonly definition: JsonObject }>;

/**
 * Prints rules as definitions of Azure Policy: those that are named, or all that can be said there. A rule that is named and
 * cannot be said is refused; of all rules, those that cannot are named on standard error.
 */
export async function exportRules(
  rules: readonly Rule[],
  ids: readonly string[],
  { flags, context }: { readonly flags: ExportFlags; readonly context: CommandContext },
): Promise<number> {
  const { world, tool } = context;
  const options = { effect: flags.effect, version: tool.version };
  const exported = chosenAmong(rules, ids).map((rule) => exportRule(rule, options));
  const possible = exported.filter((one): one is Exportable => 'definition' in one);
  const refused = exported.flatMap((one) => ('refusals' in one ? [sentenceOf(one)] : []));
  if (refused.length > 0 && (ids.length > 0 || possible.length === 0))
    throw new UsageError(refused.join('\n'), 'Leave these rules out.');
  for (const line of refused) await tell(terminalText(line), world);
  const set = flags.initiative === true ? [initiativeOf(possible, flags, options)] : [];
  const documents = [...possible.map(({ definition }) => definition), ...set];
  const [only, ...others] = documents;
  const shown = others.length === 0 ? only : documents;
  await world.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  return 0;
}

function chosenAmong(rules: readonly Rule[], ids: readonly string[]): readonly Rule[] {
  const known = { named: rules, areAll: true };
  const mistakes = unknownRules(
    known,
    ids.map((rule) => ({ rule, origin: `rules export ${rule}` })),
  );
  const [first] = mistakes;
  if (first !== undefined)
    throw new UsageError(mistakes.map(({ message }) => message).join('\n'), first.hint);
  const chosen = ids.length === 0 ? rules : [...new Set(ids.flatMap((id) => findRules(id, rules)))];
  return chosen.toSorted((a, b) => compareText(a.id, b.id));
}

function sentenceOf({ rule, refusals }: Extract<ExportedRule, { readonly refusals: unknown }>): string {
  return `${rule.id} cannot be said in Azure Policy. ${refusals.join(' ')}`;
}

const scopes = /^\/(?:subscriptions\/[^/\s]+|providers\/Microsoft\.Management\/managementGroups\/[^/\s]+)$/iu;

function initiativeOf(
  possible: readonly Exportable[],
  { effect, scope = '' }: ExportFlags,
  { version }: { readonly version: string },
): JsonObject {
  if (!scopes.test(scope))
    throw new UsageError(
      scope === ''
        ? '--initiative needs --scope: where the definitions will be.'
        : `--scope ${scope} is neither a subscription nor a management group.`,
      'For example --scope /providers/Microsoft.Management/managementGroups/platform, or /subscriptions/<id>.',
    );
  return exportInitiative(
    possible.map(({ rule }) => rule),
    { effect, scope, version },
  );
}
