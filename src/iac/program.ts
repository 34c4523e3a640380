import type { Budget } from './evaluation/budget.ts';
import type { Scope } from './evaluation/scope.ts';
import type { Template } from './template.ts';

/** The infrastructure code of a checkout. */
export interface Program {
  /** Templates by their keys. */
  readonly templates: ReadonlyMap<string, Template>;
  /** The text of every file by its path, for those that templates load. */
  readonly texts: ReadonlyMap<string, string>;
}

/** One run of working out what a deployment declares. */
export interface Evaluation {
  readonly program: Program;
  readonly budget: Budget;
  /** Scopes of the templates that others import names from. */
  readonly libraries: Map<Template, Scope>;
}
