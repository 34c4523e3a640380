import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import type { ScalarType } from './syntax.ts';

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
export interface BridgeList<T> {
  readonly Count: number;
  readonly element?: T;
}

/** A column of a table, as the binder found it. */
export interface BridgeColumn {
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

/** A node of the syntax tree. */
export interface BridgeNode {
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

/** The parts of the service that are used, and what makes its values readable. */
interface LanguageService {
  readonly language: Language;
  readonly kinds: ReadonlyMap<number, string>;
  /** Turns any C# list into an array. */
  readonly list: <T>(list: BridgeList<T>) => readonly T[];
}

let loaded: LanguageService | undefined;

/**
 * Microsoft's language service for Kusto, loaded at the first call. It runs in this realm, with its globals Bridge, System
 * and Kusto: in one of its own it has a third of the speed.
 */
export function languageService(): LanguageService {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    const path = require.resolve(`@kusto/language-service-next/${file}`);
    runInThisContext(readFileSync(path, 'utf8'), { filename: path });
  }
  const language: Language = runInThisContext('Kusto.Language');
  const list: LanguageService['list'] = runInThisContext('list => Bridge.toArray(list)');
  const kinds = new Map<number, string>();
  for (const [name, kind] of Object.entries(language.Syntax.SyntaxKind)) {
    if (typeof kind === 'number') kinds.set(kind, name);
  }
  loaded = { language, kinds, list };
  return loaded;
}
