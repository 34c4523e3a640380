import type { Column, Syntax } from './syntax.ts';
import type { Evaluate, Row, Rows } from './value.ts';

/** What a scalar expression is compiled with. Given along, so that the files of expressions need not know each other. */
export interface Compiler {
  /** The time of `now()`, in ms. */
  readonly now: number;
  readonly compile: (node: Syntax) => Evaluate;
}

/** How one kind of scalar expression is compiled. It throws a KqlError for what it does not support. */
export type ExpressionCompiler = (node: Syntax, compiler: Compiler) => Evaluate;

/** What a tabular operator is compiled with: the columns that come in, and other tables for `join` and `union`. */
export interface OperatorContext extends Compiler {
  readonly input: readonly Column[];
  readonly table: (node: Syntax) => Table;
}

/** A compiled tabular expression. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: () => Rows;
}

/** How one tabular operator is compiled: from rows to rows. Its columns come from the binder. */
export type OperatorCompiler = (node: Syntax, context: OperatorContext) => (rows: Rows) => Rows;

/** An argument of a function or of an aggregate, compiled; `node` is there for those that need a literal. */
export interface Argument {
  readonly evaluate: Evaluate;
  readonly type: string;
  readonly node: Syntax;
}

/** How a call is compiled. The binder has checked that the function exists and how many arguments it takes. */
export type FunctionCompiler = (args: readonly Argument[], call: Call) => Evaluate;

/** The call around the arguments: for the time, and for its bound type. */
export interface Call {
  readonly now: number;
  readonly type: string;
}

/** Collects the rows of one group. */
export interface Accumulator {
  add(row: Row): void;
  result(): ReturnType<Evaluate>;
}

/** How an aggregate is compiled: to a maker of accumulators, one a group. */
export type AggregateCompiler = (args: readonly Argument[]) => () => Accumulator;
