import type { OperatorContext, Table } from './context.ts';
import { KqlError } from './error.ts';
import { expressionCompiler } from './expressions/index.ts';
import { analyze, type Problem } from './language.ts';
import { operators } from './operators/index.ts';
import { columnsOf, items, part, unsupported, type Syntax, type TableSchema } from './syntax.ts';
import type { Rows } from './value.ts';

/** A query that parsed, bound and compiled. `operators` are the parser's kinds of the operators at its top level. */
export interface CompiledQuery extends Table {
  readonly operators: readonly string[];
}

/** What a query runs against. */
export interface QueryOptions {
  readonly tables: readonly TableSchema[];
  /** The rows of a table, made anew each time they are asked for. */
  readonly rows: (table: string) => Rows;
  /** The time of `now()`, in ms. */
  readonly now: number;
}

/** A query with mistakes, each with what the parser or the binder said. */
export class KqlProblems extends Error {
  override readonly name = 'KqlProblems';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.problems = problems;
  }
}

/**
 * Compiles a query of Resource Graph's part of KQL.
 * Throws KqlProblems for mistakes and KqlError for what Resource Graph does not have.
 */
export function compileQuery(query: string, options: QueryOptions): CompiledQuery {
  const { tree, problems } = analyze(query, options.tables);
  if (problems.length > 0) throw new KqlProblems(problems);
  const [statement, second] = items(tree, 'Statements');
  if (statement === undefined || second !== undefined) throw unsupported(second ?? tree);
  if (statement.kind !== 'ExpressionStatement') throw unsupported(statement);
  const expression = part(statement, 'Expression');
  limitCount(expression, 'JoinOperator', 'join');
  limitCount(expression, 'MvExpandOperator', 'mv-expand');
  return { ...tableOf(expression, options), operators: topOperators(expression) };
}

// Resource Graph allows three of each per query.
const largestCount = 3;

function limitCount(node: Syntax, kind: string, name: string): void {
  const count = (one: Syntax): number =>
    one.children.reduce((sum, child) => sum + count(child), one.kind === kind ? 1 : 0);
  const found = count(node);
  if (found > largestCount) {
    throw new KqlError(
      'DisallowedMaxNumberOfOperators',
      `The query has ${found} ${name} operators; ${largestCount} are allowed.`,
    );
  }
}

function topOperators(node: Syntax): readonly string[] {
  if (node.kind === 'ParenthesizedExpression') return topOperators(part(node, 'Expression'));
  if (node.kind !== 'PipeExpression') return [node.kind];
  return [...topOperators(part(node, 'Expression')), part(node, 'Operator').kind];
}

function tableOf(node: Syntax, options: QueryOptions): Table {
  if (node.kind === 'ParenthesizedExpression') return tableOf(part(node, 'Expression'), options);
  if (node.kind === 'NameReference') return baseTable(node, options);
  if (node.kind !== 'PipeExpression') return apply(node, { columns: [], rows: () => [] }, options);
  return apply(part(node, 'Operator'), tableOf(part(node, 'Expression'), options), options);
}

function baseTable(node: Syntax, options: QueryOptions): Table {
  const table = options.tables.find((one) => one.name === node.name);
  if (table === undefined) throw unsupported(node, 'is not a table');
  return { columns: table.columns, rows: () => options.rows(table.name) };
}

function apply(node: Syntax, input: Table, options: QueryOptions): Table {
  const compile = operators[node.kind];
  if (compile === undefined) throw unsupported(node, 'is an operator that is not supported');
  const context: OperatorContext = {
    ...expressionCompiler(options.now),
    input: input.columns,
    table: (other) => tableOf(other, options),
  };
  const run = compile(node, context);
  return { columns: columnsOf(node), rows: () => run(input.rows()) };
}
