import type { Location } from './location.ts';
import type { FailureDetail } from './refusal.ts';

/** The user asked for something that cannot be done as asked: a flag, a file, a scope. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;
  /** The mistakes in files that were found in the same round. */
  readonly problems: readonly Problem[];

  constructor(message: string, hint = '', problems: readonly Problem[] = []) {
    super(message);
    this.hint = hint;
    this.problems = problems;
  }
}

/** One mistake in a file that the user wrote. */
export interface Problem extends Location {
  readonly message: string;
}

/** Every mistake of every policy, exemption or configuration file at once. Exit code 2. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

/** A problem as compilers write it: `file:line:col  message`. */
export function problemLine({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}  ${message}`;
}

/** The facts about a request that Azure refused. `status` is 0 when no answer came. */
export interface AzureFailure {
  /** The operation, in words: `read the vaults of subscription …`. */
  readonly operation: string;
  readonly status: number;
  /** Azure's error code, such as `AuthorizationFailed`. */
  readonly code: string;
  readonly requestId: string;
  /** The errors inside Azure's, outermost first; empty when left out. */
  readonly details?: readonly FailureDetail[];
  /** The advice to the user. */
  readonly hint: string;
}

/** Azure refused, or could not be reached, and the job cannot go on. Exit code 2. */
export class AzureError extends Error implements AzureFailure {
  override readonly name = 'AzureError';
  readonly operation: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly details: readonly FailureDetail[];
  readonly hint: string;

  constructor(message: string, failure: AzureFailure, options?: ErrorOptions) {
    super(message, options);
    this.operation = failure.operation;
    this.status = failure.status;
    this.code = failure.code;
    this.requestId = failure.requestId;
    this.details = failure.details ?? [];
    this.hint = failure.hint;
  }
}

/** The message of an error as a sentence: it begins with a capital letter, and ends with a full stop. */
export function sentenceOf({ message }: AzureError): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
}
