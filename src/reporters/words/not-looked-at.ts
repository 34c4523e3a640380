import type { NotLookedAt } from '../../model/coverage.ts';
import { count } from './counts.ts';

const words: Readonly<Record<NotLookedAt['kind'], (amount: number, reason: string) => string>> = {
  denyAssignments: (amount, reason) =>
    `Deny assignments were not looked at in ${count(amount, 'subscription')}, so that nothing is taken away there: ${reason}`,
  eligibleAssignments: (amount, reason) =>
    `Eligible assignments of Privileged Identity Management were not looked at in ${count(amount, 'subscription')}: ${reason}`,
  localRbac: (amount) =>
    `Who can purge keys of ${count(amount, 'managed HSM')} is not known: local RBAC is not visible through ARM.`,
  namesakes: (amount, reason) =>
    `Something live that has one of these names would not be seen in ${count(amount, 'subscription')}: ${reason}`,
};

/** The things that were not looked at, a sentence for each kind with the reason of the first one. */
export function notLookedAtWords(all: readonly NotLookedAt[]): readonly string[] {
  return Object.entries(words).flatMap(([kind, sentence]) => {
    const some = all.filter((one) => one.kind === kind);
    const [first] = some;
    return first === undefined ? [] : [sentence(some.length, first.reason)];
  });
}
