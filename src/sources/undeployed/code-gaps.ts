import type { UnfollowedCall, VaultBlock } from '../../iac/programs/template.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Problem } from '../../model/errors.ts';
import type { Location } from '../../model/location.ts';

/** The gap that an interruption leaves. */
export function interruptedScan(scope: string): Unreadable {
  return { scope, kind: 'interrupted', reason: 'The scan was interrupted.', hint: 'Run it again.' };
}

/** A place of the code that could not be read. */
function codeGap({ file, line, column }: Location, reason: string, hint: string): Unreadable {
  return { scope: `${file}:${line}:${column}`, kind: 'code', reason, hint };
}

/** The parts of code of which it is not known what they declare. */
interface UnknownParts {
  readonly untyped: ReadonlySet<Pick<VaultBlock, 'at' | 'address'>>;
  readonly unfollowed: readonly UnfollowedCall[];
}

/** The resources that may be vaults, and the templates that are not here, as parts that could not be read. */
export function gapsOfUnknown({ untyped, unfollowed }: UnknownParts): readonly Unreadable[] {
  const gaps = [
    ...Array.from(untyped, ({ at, address }) => {
      const reason = `The type of ${address} is not plain text: it may be a vault, or a deployment of one.`;
      return codeGap(at, reason, typeHint);
    }),
    ...unfollowed.map(({ at, target, symbol, isModule }) => {
      const reason =
        target === undefined
          ? `The template that ${symbol} deploys is not known.`
          : `It deploys ${target.replace(/^terraform:/, '')}, which is not here.`;
      return codeGap(at, reason, isModule === true ? moduleHint : linkHint);
    }),
  ];
  // Once, however often it is deployed.
  return [...new Map(gaps.map((gap) => [`${gap.scope} ${gap.reason}`, gap])).values()];
}

const typeHint = 'Write the type as plain text, or give the parameters and variables in it a value.';
const moduleHint =
  'Scan what it is made of: the template that `bicep build main.bicep` writes holds every module, and so does a plan of Terraform.';
const linkHint =
  'Scan that template by itself, with the values that it is given: `purgeproof scan --template FILE --parameters FILE`';

/** Text that is not understood, as a part that could not be read. */
export function problemGap({ message, ...at }: Problem): Unreadable {
  const hint = 'Correct it, or scan the plan or the compiled template instead: purgeproof does not guess.';
  return codeGap(at, `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, hint);
}
