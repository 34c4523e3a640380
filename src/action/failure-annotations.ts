import { AzureError, PolicyError, UsageError } from '../model/errors.ts';
import { markdownText } from '../reporters/text/markdown.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { describeFailure } from '../usecases/describe-failure.ts';
import type { InputProblem } from './inputs.ts';
import type { Annotation } from './runner.ts';

const signInHint =
  'In a workflow: run azure/login in a step before this one, in a job with `permissions: id-token: write`.';

/** Describes a failure: one annotation for each mistake, on its line where it has one. */
export function failureAnnotations(error: unknown, title = titleOf(error)): readonly Annotation[] {
  if (error instanceof PolicyError) {
    return error.problems.map(({ message, ...at }) => ({
      level: 'error',
      title: 'Invalid file',
      message: terminalText(`${at.file}:${at.line}:${at.column}  ${message}`),
      at,
    }));
  }
  const message = describeFailure(error)
    .replace(/^error: /, '')
    .trimEnd();
  const more = isSignIn(error) ? `\n${signInHint}` : '';
  return [{ level: 'error', title, message: `${message}${more}` }];
}

/** Annotates a wrong input. */
export function inputAnnotation({ input, message, hint }: InputProblem): Annotation {
  return { level: 'error', title: `Input ${input}`, message: terminalText(`${input}: ${message} ${hint}`) };
}

/** The job summary when there was no scan. */
export function failureSummary(annotations: readonly Annotation[]): string {
  const [first] = annotations;
  const why = first === undefined ? '' : (first.message.split('\n')[0] ?? '');
  return `## Azure Key Vault compliance

> [!CAUTION]
> **The scan did not run, so nothing is known about your vaults.** ${markdownText(why)}
`;
}

function titleOf(error: unknown): string {
  if (error instanceof AzureError)
    return isSignIn(error) ? 'Not signed in to Azure' : 'Azure refused the request';
  return error instanceof UsageError ? 'The scan could not run' : 'A bug in purgeproof';
}

function isSignIn(error: unknown): boolean {
  return error instanceof AzureError && error.operation === 'sign in';
}
