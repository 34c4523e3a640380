import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import type { Column, ScalarType, Syntax, TableSchema } from './syntax.ts';

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
  const code = service().language.KustoCode.ParseAndAnalyze(query, globalsFor(tables));
  const problems = service().list(code.GetDiagnostics());
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

// The service is C# compiled to JavaScript by Bridge.NET: these are the few members used, named as they are there.
interface Language {
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: object,
    ): { Syntax: BridgeNode; GetDiagnostics(): BridgeList<Diagnostic> };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
    readonly DatabaseSymbol: { readonly $ctor3: new (...parts: readonly unknown[]) => object };
  };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
}

/** A list of C#; only the service can look into it. */
interface BridgeList<T> {
  readonly Count: number;
  readonly element?: T;
}

interface BridgeColumn {
  readonly Name: string;
  readonly Type: { readonly Name: ScalarType };
}

interface Diagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

interface BridgeNode {
  readonly Kind: number;
  readonly NameInParent: string | null;
  readonly TextStart: number;
  readonly End: number;
  readonly ChildCount: number;
  readonly SimpleName?: string | null;
  readonly LiteralValue?: unknown;
  readonly ValueText?: string | null;
  readonly ResultType?: { readonly Name: string; readonly Columns?: BridgeList<BridgeColumn> } | null;
  GetChild(index: number): BridgeNode | null;
}

interface Service {
  readonly language: Language;
  readonly kinds: ReadonlyMap<number, string>;
  /** Turns any C# list into an array. */
  readonly list: <T>(list: BridgeList<T>) => readonly T[];
}

let loaded: Service | undefined;
const globals = new WeakMap<readonly TableSchema[], object>();

// In this realm, with its globals Bridge, System and Kusto: in one of its own it runs at a third of the speed.
function service(): Service {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    const path = require.resolve(`@kusto/language-service-next/${file}`);
    runInThisContext(readFileSync(path, 'utf8'), { filename: path });
  }
  const language: Language = runInThisContext('Kusto.Language');
  const list: Service['list'] = runInThisContext('list => Bridge.toArray(list)');
  const kinds = new Map<number, string>();
  for (const [name, kind] of Object.entries(language.Syntax.SyntaxKind)) {
    if (typeof kind === 'number') kinds.set(kind, name);
  }
  loaded = { language, kinds, list };
  return loaded;
}

function globalsFor(tables: readonly TableSchema[]): object {
  const known = globals.get(tables);
  if (known !== undefined) return known;
  const { GlobalState, Symbols } = service().language;
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
  const kind = service().kinds.get(node.Kind) ?? String(node.Kind);
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
  const columns = service().list(list);
  return columns.map((column) => ({ name: column.Name, type: column.Type.Name }));
}
