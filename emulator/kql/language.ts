import { type BridgeColumn, type BridgeList, type BridgeNode, languageService } from './language-service.ts';
import type { Column, Syntax, TableSchema } from './syntax.ts';

/** A mistake that the parser or the binder found, at an offset into the query. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
}

/** A query as the official language service sees it. The tree is worth compiling only when there are no problems. */
export interface Analysis {
  readonly tree: Syntax;
  readonly problems: readonly Problem[];
}

/** Parses and binds a query against tables, with Microsoft's own language service for Kusto. Remembers the last ones. */
export function analyze(query: string, tables: readonly TableSchema[]): Analysis {
  const known = analyses.get(tables) ?? new Map<string, Analysis>();
  analyses.set(tables, known);
  const analysis = known.get(query) ?? parse(query, tables);
  known.delete(query);
  known.set(query, analysis);
  const [oldest] = known.keys();
  if (known.size > remembered && oldest !== undefined) known.delete(oldest);
  return analysis;
}

const remembered = 50;
const analyses = new WeakMap<readonly TableSchema[], Map<string, Analysis>>();

function parse(query: string, tables: readonly TableSchema[]): Analysis {
  const code = languageService().language.KustoCode.ParseAndAnalyze(query, globalsFor(tables));
  const problems = languageService().list(code.GetDiagnostics());
  return {
    tree: convert(code.Syntax, query),
    problems: problems
      .filter((problem) => problem.Severity === 'Error')
      .map(({ Code, Message, Start, Length }) => ({
        code: Code,
        message: Message,
        start: Start,
        length: Length,
      })),
  };
}

const globals = new WeakMap<readonly TableSchema[], object>();

function globalsFor(tables: readonly TableSchema[]): object {
  const known = globals.get(tables);
  if (known !== undefined) return known;
  const { GlobalState, Symbols } = languageService().language;
  const symbols = tables.map((table) => {
    const columns = table.columns.map((column) => `['${column.name}']:${column.type}`);
    return Symbols.TableSymbol.From(`(${columns.join(',')})`).WithName(table.name);
  });
  const state = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.$ctor3('arg', null, symbols, false),
  );
  globals.set(tables, state);
  return state;
}

function convert(node: BridgeNode, query: string): Syntax {
  const children: Syntax[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child !== null) children.push(convert(child, query));
  }
  const kind = languageService().kinds.get(node.Kind) ?? String(node.Kind);
  const string = stringOf(node, kind);
  const type = node.ResultType ?? undefined;
  const columns = type?.Columns === undefined ? undefined : columnsOf(type.Columns);
  return {
    kind,
    role: node.NameInParent ?? '',
    text: query.slice(node.TextStart, node.End),
    start: node.TextStart,
    children,
    ...(typeof node.SimpleName === 'string' && { name: node.SimpleName }),
    ...(string !== undefined && { string }),
    ...(type !== undefined && { type: type.Name }),
    ...(columns !== undefined && { columns }),
  };
}

function stringOf(node: BridgeNode, kind: string): string | undefined {
  if (kind === 'StringLiteralToken') return node.ValueText ?? undefined;
  return kind.endsWith('StringLiteralExpression') && typeof node.LiteralValue === 'string'
    ? node.LiteralValue
    : undefined;
}

function columnsOf(list: BridgeList<BridgeColumn>): readonly Column[] {
  const columns = languageService().list(list);
  return columns.map((column) => ({ name: column.Name, type: column.Type.Name }));
}
