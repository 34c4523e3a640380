import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
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

/** Parses and binds a query against tables, with Microsoft's own language service for Kusto. */
export function analyze(query: string, tables: readonly TableSchema[]): Analysis {
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

// In a realm of its own: Bridge.NET defines globals and patches prototypes.
function service(): Service {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const realm = createContext({});
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    const path = require.resolve(`@kusto/language-service-next/${file}`);
    runInContext(readFileSync(path, 'utf8'), realm, { filename: path });
  }
  const language: Language = runInContext('Kusto.Language', realm);
  const list: Service['list'] = runInContext('list => Bridge.toArray(list)', realm);
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
