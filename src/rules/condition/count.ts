import type { Actual } from '../operators/operator.ts';
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
  const truths = count.field.readAll(subject).map((element) => elementTruth(count, subject, element));
  const least = truths.filter((truth) => truth === true).length;
  const most = truths.filter((truth) => truth !== false).length;
  const answer = holds(least);
  for (let n = least + 1; n <= most; n += 1) {
    if (holds(n) !== answer) return 'unknown';
  }
  return answer;
}

/** Whether `count` counts this element; inside `where` the counted path means the current element. */
export function elementTruth(count: CompiledCount, subject: Subject, element: Actual): Truth {
  if (count.where === undefined) return true;
  return count.where.test({ ...subject, elements: [...subject.elements, element ?? null] });
}
