import type { Mistake } from '../documents/document.ts';
import { suggestion } from '../documents/suggestions.ts';
import type { JsonPath } from '../model/json.ts';

/** A `count` around a condition: by the alias of its array, or by its name. */
export interface CountAround {
  readonly kind: 'field' | 'value';
  readonly name: string;
}

/** A field that a definition names, and the place where. */
export interface FieldSite {
  readonly name: string;
  readonly path: JsonPath;
}

/** The findings of reading the conditions of a definition. */
interface ConditionFindings {
  readonly mistakes: readonly Mistake[];
  readonly fields: readonly FieldSite[];
  /** Sentences: why its conditions cannot be evaluated. */
  readonly reasons: readonly string[];
}

/** Takes what is found while the conditions of one definition are read. */
export interface ConditionReader {
  readonly mistake: (path: JsonPath, message: string, at?: 'key') => void;
  readonly notEvaluated: (reason: string) => void;
  readonly readsField: (name: string, path: JsonPath) => void;
  readonly usesParameter: (name: string, path: JsonPath) => void;
  readonly findings: () => ConditionFindings;
}

/** Makes a reader for a definition that declares these parameters. */
export function conditionReader(declared: readonly string[]): ConditionReader {
  const mistakes: Mistake[] = [];
  const fields: FieldSite[] = [];
  const reasons = new Set<string>();
  const known = new Set(declared.map((name) => name.toLowerCase()));
  const mistake = (path: JsonPath, message: string, at?: 'key'): void => {
    mistakes.push(at === undefined ? { path, message } : { path, message, at });
  };
  return {
    mistake,
    notEvaluated: (reason) => void reasons.add(reason),
    readsField: (name, path) => void fields.push({ name, path }),
    usesParameter(name, path) {
      if (!known.has(name.toLowerCase()))
        mistake(path, `parameter "${name}" is not declared under parameters${suggestion(name, declared)}`);
    },
    findings: () => ({ mistakes, fields, reasons: [...reasons] }),
  };
}
