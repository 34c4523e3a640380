import type { Budget } from '../evaluation/budget.ts';
import type { DataAt, NameScope } from '../evaluation/scope.ts';
import type { Values } from '../evaluation/value.ts';
import type { Expression } from '../languages/expression.ts';
import type { Template } from './template.ts';

/** The infrastructure code of a checkout. */
export interface Program {
  /** The templates that may declare vaults, or call one that may, by their keys. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Any template of the checkout, by its key: for the values that another takes from it. */
  readonly templateAt: (key: string) => Template | undefined;
  /** The data in a file that a template loads. */
  readonly dataAt: DataAt;
}

/** No checkout at all: only what a template says itself is known. */
export const emptyProgram: Program = {
  templates: new Map(),
  templateAt: () => undefined,
  dataAt: () => undefined,
};

/** Evaluates an expression with the names of a template that is given no arguments. */
export type EvaluateIn = (names: Template, expression: Expression, evaluation: Evaluation) => Values;

/** One run of working out what a deployment declares. */
export interface Evaluation {
  readonly program: Program;
  readonly budget: Budget;
  /** Scopes of the templates that others import names from. */
  readonly libraries: Map<Template, NameScope>;
}
