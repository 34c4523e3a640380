import { AzureError, PolicyError, type Problem, problemLine, UsageError } from '../model/errors.ts';
import { markdownText } from '../reporters/text/markdown.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import type { InputProblem } from './inputs.ts';
import type { Annotation } from './runner.ts';

const signInHint =
  'In a workflow: run azure/login in a step before this one, in a job with `permissions: id-token: write`.';

/** Describes a failure: one annotation for each mistake, on its line where it has one. */
export function failureAnnotations(error: unknown, title = titleOf(error)): readonly Annotation[] {
  if (error instanceof PolicyError) return error.problems.map(problemAnnotation);
  if (error instanceof UsageError && error.problems.length > 0) {
    const others = new UsageError(error.message, error.hint);
    return [...failureAnnotations(others, title), ...error.problems.map(problemAnnotation)];
  }
  const message = describeFailure(error)
    .replace(/^error: /, '')
    .trimEnd();
  const more = isSignIn(error) ? `\n${signInHint}` : '';
  return [{ level: 'error', title, message: `${message}${more}` }];
}

function problemAnnotation(problem: Problem): Annotation {
  const { file, line, column } = problem;
  const message = terminalText(problemLine(problem));
  return { level: 'error', title: 'Invalid file', message, at: { file, line, column } };
}

/** Annotates a wrong input. */
export function inputAnnotation({ input, message, hint }: InputProblem): Annotation {
  return { level: 'error', title: `Input ${input}`, message: terminalText(`${input}: ${message} ${hint}`) };
}

/** The most mistakes that the job summary names. */
const mostInSummary = 50;

/** The job summary when there was no scan: every mistake, for the annotations of a step end at ten. */
export function failureSummary(annotations: readonly Annotation[]): string {
  const reasons = annotations.map(({ message }) => markdownText(message.split('\n')[0] ?? ''));
  const shown = reasons.slice(0, mostInSummary);
  const more = reasons.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`… and ${more} more: see the log.`] : [])];
  return `## Azure Key Vault compliance

> [!CAUTION]
> **The scan did not run, so nothing is known about your vaults.** ${list.length === 1 ? (list[0] ?? '') : ''}
${list.length > 1 ? `\n${list.map((reason) => `- ${reason}\n`).join('')}` : ''}`;
}

function titleOf(error: unknown): string {
  if (error instanceof AzureError)
    return isSignIn(error) ? 'Not signed in to Azure' : 'Azure refused the request';
  return error instanceof UsageError ? 'The scan could not run' : 'A bug in purgeproof';
}

function isSignIn(error: unknown): boolean {
  return error instanceof AzureError && error.operation === 'sign in';
}
