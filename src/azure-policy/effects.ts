/** The meaning of an effect for judging what exists. */
export type EffectMeaning =
  | { readonly kind: 'judges' }
  | { readonly kind: 'disabled' }
  /** One sentence. */
  | { readonly kind: 'notEvaluated'; readonly reason: string };

const elsewhere = 'looks for other resources, which a scan does not read.';
const changes = 'changes requests instead of judging what exists.';

/** Source: learn.microsoft.com, "Azure Policy definitions effect basics". */
const reasons: Readonly<Record<string, string>> = {
  addToNetworkGroup: changes,
  append: changes,
  auditIfNotExists: elsewhere,
  denyAction: 'judges requests to delete.',
  deployIfNotExists: elsewhere,
  manual: 'is decided by people.',
  modify: changes,
  mutate: changes,
};

/** The words of Azure for effects. */
export const effectWords: readonly string[] = ['audit', 'deny', 'disabled', ...Object.keys(reasons)];

/** An effect in any letter case as Azure spells it; `undefined` for what is none. */
export function effectNamed(written: string): string | undefined {
  const wanted = written.toLowerCase();
  return effectWords.find((word) => word.toLowerCase() === wanted);
}

/** The meaning of an effect in any letter case. */
export function meaningOf(written: string): EffectMeaning {
  const effect = effectNamed(written) ?? written;
  if (effect === 'audit' || effect === 'deny') return { kind: 'judges' };
  if (effect === 'disabled') return { kind: 'disabled' };
  const reason = reasons[effect] ?? 'is not one that Azure Policy has.';
  return { kind: 'notEvaluated', reason: `Its effect ${effect} ${reason}` };
}

/** The reason why nothing can be judged in a mode; `undefined` in one that is about resources of Azure Resource Manager. */
export function modeReason(mode: string): string | undefined {
  const word = mode.toLowerCase();
  if (word === 'all' || word === 'indexed') return undefined;
  return /^microsoft\.(?:keyvault|managedhsm)\.data$/u.test(word)
    ? `Its mode ${mode} is about keys, secrets and certificates in a vault, not about the vault.`
    : `Its mode ${mode} is not about resources of Azure Resource Manager.`;
}
