import type { DeletedVault } from '../../model/arm-ports.ts';
import type { Dependant, DependantsFound } from '../../model/dependant.ts';
import type { StepOutcome } from '../write/outcomes.ts';

/** The advice after every recovery: what Azure does not bring back, and what it does not change. */
export const notRecovered =
  'Role assignments and Event Grid subscriptions are not brought back: create them again. Its network rules are those that it had.';

/** The outcome of a recovery; `differences` are names of properties that are not as they were. */
export function recovered(differences: readonly string[], isLate: boolean): StepOutcome {
  const how = isLate
    ? 'A request that was never answered has taken effect: it'
    : 'It was read again from ARM, and';
  const apart = differences.length === 0 ? '' : ` Not as they were before: ${differences.join(', ')}.`;
  return {
    outcome: 'verified',
    cause: `${how} is live again under the id that it had.${apart}`,
    hint: notRecovered,
  };
}

export const alreadyLive: StepOutcome = {
  outcome: 'alreadyCompliant',
  cause: 'It is live already: someone recovered it.',
  hint: notRecovered,
};

/** The outcome of a purge. `isLate`: of one whose answer was never seen. */
export function purged(isLate: boolean): StepOutcome {
  return {
    outcome: 'verified',
    cause: isLate
      ? 'A request that was never answered has taken effect: it is no longer in the recycle bin, and not live.'
      : 'The recycle bin was listed again: it is no longer in it.',
    hint: '',
  };
}

/** The outcome that earlier runs have verified. */
export function doneBefore(kind: 'recovered' | 'purged', at: string): StepOutcome {
  return { outcome: 'verified', cause: `It was ${kind} and verified on ${at}.`, hint: '' };
}

export const notInBin: StepOutcome = {
  outcome: 'notFound',
  cause: 'It is no longer in the recycle bin, and not live: someone purged it, or its time was up.',
  hint: '',
};

export const liveAgain: StepOutcome = {
  outcome: 'drifted',
  cause: 'It is no longer in the recycle bin: it is live again.',
  hint: 'See its Activity Log for who recovered it. Nothing live is ever purged.',
};

/** It was recovered and deleted once more since it was chosen. */
export function deletedAgain(
  { deletionDate }: Pick<DeletedVault, 'deletionDate'>,
  chosen: Pick<DeletedVault, 'deletionDate'>,
): StepOutcome {
  return {
    outcome: 'drifted',
    cause: `Nothing was sent: the entry of ${chosen.deletionDate} is gone, and the one there now was deleted on ${deletionDate}.`,
    hint: 'List the recycle bin, and choose again.',
  };
}

/** A clause that holds before the date and after it: Azure may be late. */
export function purgedByAzure(scheduledPurgeDate: string): string {
  const when = scheduledPurgeDate === '' ? 'a date that it does not tell' : scheduledPurgeDate;
  return `nobody but Azure can purge it, which is scheduled for ${when}.`;
}

/** Purge protection leaves nothing to send. */
export function protectedUntil({
  scheduledPurgeDate,
}: Pick<DeletedVault, 'scheduledPurgeDate'>): StepOutcome {
  return {
    outcome: 'conflict',
    cause: `Nothing was sent: it has purge protection, and ${purgedByAzure(scheduledPurgeDate)}`,
    hint: '',
  };
}

/** Azure says that it was carried out, and the recycle bin shows the vault all the same. */
export function stillInBin(what: 'recovery' | 'purge'): StepOutcome {
  return {
    outcome: 'stillFailing',
    cause: `Azure reports that the ${what} was carried out, and it is still in the recycle bin.`,
    hint: 'List the recycle bin in a few minutes; if it is still there, ask Azure support with the request id.',
  };
}

/** The lines that name what depends on a vault, and what could not be searched for more. */
export function dependantLines({ dependants, gaps }: DependantsFound): readonly string[] {
  return [
    ...listed(
      dependants.filter(({ isEncrypted }) => isEncrypted),
      'Encrypted by keys of it',
    ),
    ...listed(
      dependants.filter(({ isEncrypted }) => !isEncrypted),
      'Refers to it',
    ),
    ...(gaps.length === 0
      ? []
      : [
          'Could not be searched for more:',
          ...firstOf(gaps, ({ scope, reason }) => `  ${scope}: ${reason}`),
        ]),
  ];
}

/** Lines of one message. */
const mostListed = 100;

function listed(dependants: readonly Dependant[], heading: string): readonly string[] {
  if (dependants.length === 0) return [];
  return [
    `${heading}:`,
    ...firstOf(dependants, ({ type, id, property, through }) =>
      [`  ${type} ${id} (${property})`, ...(through === undefined ? [] : [`through ${through}`])].join(' '),
    ),
  ];
}

function firstOf<T>(items: readonly T[], line: (item: T) => string): readonly string[] {
  const more = items.length - mostListed;
  return [...items.slice(0, mostListed).map(line), ...(more > 0 ? [`  and ${more} more`] : [])];
}
