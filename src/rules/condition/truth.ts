/** Three-valued truth. `unknown` is the honest answer about something that could not be read. */
export type Truth = true | false | 'unknown';

/** The opposite; what is unknown stays unknown. */
export function not(truth: Truth): Truth {
  return truth === 'unknown' ? truth : !truth;
}

/** True when all are; one false decides whatever the others are. */
export function every<T>(items: readonly T[], test: (item: T) => Truth): Truth {
  let result: Truth = true;
  for (const item of items) {
    const truth = test(item);
    if (truth === false) return false;
    if (truth === 'unknown') result = truth;
  }
  return result;
}

/** True when at least one is; one true decides whatever the others are. */
export function some<T>(items: readonly T[], test: (item: T) => Truth): Truth {
  let result: Truth = false;
  for (const item of items) {
    const truth = test(item);
    if (truth === true) return true;
    if (truth === 'unknown') result = truth;
  }
  return result;
}
