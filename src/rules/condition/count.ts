import type { Actual } from '../../model/rule.ts';
import type { CompiledCount } from './compiled.ts';
import type { Subject } from './field.ts';
import type { Truth } from './truth.ts';

/** Compares the count; while elements are unknown it is a range, and the answer counts if the whole range agrees. */
export function countTruth(
  count: CompiledCount,
  subject: Subject,
  holds: (actual: Actual) => boolean,
): Truth {
  if (count.field.isUnknown(subject)) return 'unknown';
  let least = 0;
  let most = 0;
  for (const element of count.field.readAll(subject)) {
    const truth = elementTruth(count, subject, element);
    if (truth === true) least += 1;
    if (truth !== false) most += 1;
  }
  const answer = holds(least);
  for (let n = least + 1; n <= most; n += 1) {
    if (holds(n) !== answer) return 'unknown';
  }
  return answer;
}

/** True when `count` counts this element; inside `where` the counted path means the current element. */
export function elementTruth(count: CompiledCount, subject: Subject, element: Actual): Truth {
  if (count.where === undefined) return true;
  const { body, gaps, elements } = subject;
  return count.where.test({ body, gaps, elements: [...elements, element ?? null] });
}
