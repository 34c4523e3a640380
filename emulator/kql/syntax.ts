import { KqlError } from './error.ts';

/** The scalar types of Kusto that Resource Graph has. */
export type ScalarType =
  | 'bool'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'datetime'
  | 'timespan'
  | 'dynamic'
  | 'guid';

/** A column of a table or of an intermediate result. */
export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

/** A table that a query may name. */
export interface TableSchema {
  readonly name: string;
  readonly columns: readonly Column[];
}

/**
 * One node of a bound syntax tree. `kind` is the official parser's `SyntaxKind`; `role` is the node's name in its
 * parent; `name` is the unquoted identifier of a name; `string` is the unescaped content of a string literal;
 * `type` is the bound type of an expression and `columns` the bound result of a tabular one.
 */
export interface Syntax {
  readonly kind: string;
  readonly role: string;
  readonly text: string;
  readonly start: number;
  readonly children: readonly Syntax[];
  readonly name?: string;
  readonly string?: string;
  readonly type?: string;
  readonly columns?: readonly Column[];
}

/** The child with that role, if there is one. */
export function optionalPart(node: Syntax, role: string): Syntax | undefined {
  return node.children.find((child) => child.role === role);
}

/** The child with that role; a tree without it is of a form that is not supported. */
export function part(node: Syntax, role: string): Syntax {
  const child = optionalPart(node, role);
  if (child === undefined) throw unsupported(node);
  return child;
}

/** The elements of the list with that role, without their commas. No list, no elements. */
export function items(node: Syntax, role: string): readonly Syntax[] {
  const elements = optionalPart(node, role)?.children ?? [];
  return elements.flatMap((element) =>
    element.kind === 'SeparatedElement' ? element.children.slice(0, 1) : [element],
  );
}

/** The bound columns of a tabular expression. */
export function columnsOf(node: Syntax): readonly Column[] {
  if (node.columns === undefined) throw unsupported(node);
  return node.columns;
}

/** The identifier that a name node stands for. */
export function nameOf(node: Syntax): string {
  if (node.name === undefined || node.name === '') throw unsupported(node);
  return node.name;
}

/** What to throw for a construct that Resource Graph, or this engine, does not have. */
export function unsupported(node: Syntax, why = 'is not supported'): KqlError {
  const text = node.text.length > 60 ? `${node.text.slice(0, 60)}…` : node.text;
  return new KqlError('UnsupportedExpression', `'${text}' (${node.kind}) ${why}.`);
}
