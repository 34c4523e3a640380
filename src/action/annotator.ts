import type { Annotation, Level, Runner } from './runner.ts';

/** The runner keeps ten annotations of each level of a step, and drops the rest silently. */
export const mostAnnotations = 10;

/**
 * Annotates as long as the runner keeps count, and logs what comes after: the important comes first.
 * Source: actions/runner, src/Runner.Worker/ExecutionContext.cs
 */
export function annotator(runner: Runner): (annotation: Annotation) => void {
  const used: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  return (annotation) => {
    used[annotation.level] += 1;
    if (used[annotation.level] <= mostAnnotations) runner.annotate(annotation);
    else runner.info(`${annotation.level}: ${annotation.title}: ${annotation.message}`);
  };
}
