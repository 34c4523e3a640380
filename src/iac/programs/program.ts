import type { Location } from '../../model/location.ts';
import type { Budget } from '../evaluation/budget.ts';
import { type Argument, type DataAt, type NameScope, withNames } from '../evaluation/scope.ts';
import { type Values, type Lazy, mapOf, unknown } from '../evaluation/value.ts';
import { deepest, evaluate } from '../evaluation/evaluate.ts';
import type { Expression } from '../languages/expression.ts';
import type { Template, ImportedName, WrittenFunction } from './template.ts';

/** The infrastructure code of a checkout. */
export interface Program {
  /** The templates that may declare vaults, or call one that may, by their keys. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Any template of the checkout, by its key: for the values that another takes from it. */
  readonly templateAt: (key: string) => Template | undefined;
  /** False for the key of a template that changes no vault, and calls none that does. */
  readonly mayChange: (key: string) => boolean;
  /** True for the key of a template in the checkout, whether it has been read or not. */
  readonly isThere: (key: string) => boolean;
  /** The data in a file that a template loads. */
  readonly dataAt: DataAt;
  /** Reads an ARM template that is a value; `undefined` where it is not known what its resources are. */
  readonly readTemplateData: (values: Values, at: Location, budget: Budget) => Template | undefined;
  /**
   * True where its vaults are judged: then a default counts unless something in the checkout replaces it, and the values of
   * properties are worked out. Else only names and places are, for vaults that may have been deployed in any way.
   */
  readonly judges: boolean;
}

/** No checkout at all: only what a template says itself is known. */
export const emptyProgram: Program = {
  templates: new Map(),
  templateAt: () => undefined,
  mayChange: () => false,
  isThere: () => false,
  dataAt: () => undefined,
  readTemplateData: () => undefined,
  judges: false,
};

/** A template as it is deployed once: with these arguments. */
export interface Instance {
  readonly template: Template;
  readonly arguments: ReadonlyMap<string, Argument>;
  /**
   * The state of parameters without an argument: their defaults are `inForce` in a template that another calls, and
   * may be `replaced` in one that none calls. Where the arguments of a call could not be read, nothing is known.
   */
  readonly defaults: 'inForce' | 'replaced' | 'unknown';
}

/** Evaluates an expression with the names of a template that is given no arguments. */
export type EvaluateIn = (names: Template, expression: Expression, evaluation: Evaluation) => Values;

/** One run of working out what a deployment declares. */
export interface Evaluation {
  readonly program: Program;
  readonly budget: Budget;
  /** Scopes of the templates that others import names from. */
  readonly libraries: Map<Template, NameScope>;
}

/** The other templates that one may take names from. */
export interface Library {
  readonly evaluation: Evaluation;
  /** Gives the scope of a template that is not deployed, only used. */
  readonly enter: (template: Template) => NameScope;
}

/** The meaning of an imported name: a value, or a map of all values of the other template. */
export function importedValue({ from, name }: ImportedName, library: Library): Values {
  const template = templateOf(from, library);
  if (template === undefined) return unknown;
  const scope = scopeIn(template, library);
  // Names of ARM templates are compared in any letter case, and kept in lower case.
  const valueOf = (of: string): Values => scope.reference(of) ?? scope.reference(of.toLowerCase()) ?? unknown;
  if (name !== undefined) return valueOf(name);
  return mapOf([...template.values.keys()].map((key): readonly [string, Lazy] => [key, () => valueOf(key)]));
}

interface Call {
  readonly name: string;
  readonly args: readonly Values[];
  /** The caller. */
  readonly template: Template;
  readonly scope: NameScope;
}

/** Calls a function that the template defines or imports; `undefined` for any other. */
export function callDefined({ name, args, template, scope }: Call, library: Library): Values | undefined {
  const defined = template.functions.get(name);
  if (typeof defined === 'function') {
    const result = defined(args);
    return 'from' in result ? importedValue(result, library) : result;
  }
  if (defined !== undefined) return callWritten(defined, args, scope);
  const [space, member] = name.split('.', 2);
  const imported = template.imports.get(space ?? '');
  const called = imported?.name ?? member;
  if (imported === undefined || called === undefined) return undefined;
  const from = templateOf(imported.from, library);
  const { budget } = library.evaluation;
  if (from === undefined || budget.depth > deepest) return unknown;
  budget.depth += 1;
  const values = callDefined({ name: called, args, template: from, scope: scopeIn(from, library) }, library);
  budget.depth -= 1;
  return values ?? unknown;
}

function callWritten(
  { parameters, body }: WrittenFunction,
  args: readonly Values[],
  scope: NameScope,
): Values {
  const names = parameters.map((name, index) => [name, args[index] ?? unknown] as const);
  return evaluate(body, withNames(scope, new Map(names)));
}

function templateOf(from: string | Template, { evaluation }: Library): Template | undefined {
  return typeof from === 'string' ? evaluation.program.templateAt(from) : from;
}

function scopeIn(template: Template, { evaluation, enter }: Library): NameScope {
  const held = evaluation.libraries.get(template);
  if (held !== undefined) return held;
  const scope = enter(template);
  evaluation.libraries.set(template, scope);
  return scope;
}
