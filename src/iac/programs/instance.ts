import { spend } from '../evaluation/budget.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { isCertainLoop, iterate, oneOf } from '../evaluation/iterate.ts';
import { type Argument, remembered, type NameScope, withNames } from '../evaluation/scope.ts';
import { withOpenMaps } from '../evaluation/uncertain-elements.ts';
import {
  alternatives,
  lazy,
  type Lazy,
  listOf,
  mapOf,
  nothing,
  opened,
  scalarOf,
  unknown,
  type Values,
} from '../evaluation/value.ts';
import {
  type Instance,
  callDefined,
  importedValue,
  type Library,
  type EvaluateIn,
  type Evaluation,
} from './program.ts';
import type { ModuleCall, Parameter, ParameterFile, Template, LocatedValue } from './template.ts';
import { writtenAt } from './written-at.ts';

/** The meaning of a template's names in one deployment of it. */
export function scopeOf(instance: Instance, evaluation: Evaluation): NameScope {
  const { template, arguments: given, defaults } = instance;
  const { budget, program } = evaluation;
  spend(budget, 1);
  const library: Library = {
    evaluation,
    enter: (from) => scopeOf({ template: from, arguments: new Map(), defaults: 'replaced' }, evaluation),
  };
  const parameter = remembered((name) => {
    const declared = template.parameters.get(name);
    if (declared === undefined) return undefined;
    const values = given.get(name)?.values;
    const valuesOf = (): Values =>
      values === undefined
        ? defaultsOf(declared, scope, defaults)
        : givenOrDefault(values(), declared, scope);
    return declared.hasOptionalMembers === true ? () => withOpenMaps(valuesOf()) : valuesOf;
  });
  const value = remembered((name): Lazy | undefined => {
    const written = template.values.get(name);
    if (written !== undefined) return () => evaluate(written, scope);
    const called = template.modules.get(name);
    if (called !== undefined) return () => outputsOf(called, scope, evaluation);
    const imported = template.imports.get(name);
    return imported && (() => importedValue(imported, library));
  });
  const scope: NameScope = {
    budget,
    reference: (name) => value(name) ?? parameter(name.toLowerCase()),
    parameter,
    argument: (name) => given.get(name),
    call: (name, args) => callDefined({ name, args, template, scope }, library),
    dataAt: program.dataAt,
    folder: template.folder,
  };
  return scope;
}

/** As in `EvaluateIn`. */
export const evaluateIn: EvaluateIn = (names, expression, evaluation) =>
  evaluate(expression, scopeOf({ template: names, arguments: new Map(), defaults: 'replaced' }, evaluation));

function outputsOf(call: ModuleCall, scope: NameScope, evaluation: Evaluation): Values {
  const template = calledTemplate(call, evaluation);
  if (template === undefined) return unknown;
  const enter = (iteration: NameScope): NameScope => scopeOf(called(call, template, iteration), evaluation);
  return moduleOutputs({ call, template, scope, enter });
}

/** The template that a call deploys; `undefined` where it is not in this checkout. */
export function calledTemplate({ target }: ModuleCall, { program }: Evaluation): Template | undefined {
  if (typeof target === 'string') return program.templateAt(target);
  return 'document' in target ? undefined : target;
}

/** A template as a call deploys it, in one iteration of its loop. */
export function called(call: ModuleCall, template: Template, iteration: NameScope): Instance {
  const defaults = call.hasUnreadArguments === true ? 'unknown' : 'inForce';
  return { template, arguments: argumentsOf(call.arguments, iteration), defaults };
}

/** The values in a parameter file, evaluated with its own names. */
export function argumentsIn(
  { arguments: given, context }: ParameterFile,
  evaluation: Evaluation,
): ReadonlyMap<string, Argument> {
  const own: Instance = { template: context, arguments: new Map(), defaults: 'inForce' };
  return argumentsOf(given, scopeOf(own, evaluation));
}

function argumentsOf(
  given: ReadonlyMap<string, LocatedValue>,
  scope: NameScope,
): ReadonlyMap<string, Argument> {
  spend(scope.budget, given.size / 10);
  return new Map(
    [...given].map(([name, written]) => [
      name,
      { at: writtenAt(written, scope), values: lazy(() => evaluate(written.value, scope)) },
    ]),
  );
}

/** Any value that the template admits, its default, and any other that may replace it. */
function defaultsOf(parameter: Parameter, scope: NameScope, defaults: Instance['defaults']): Values {
  if (defaults === 'unknown') return unknown;
  const standard = parameter.default === undefined ? [] : evaluate(parameter.default, scope);
  const [admitted] = parameter.allowed === undefined ? [] : evaluate(parameter.allowed, scope);
  if (defaults === 'inForce' && standard.length > 0) return standard;
  if (defaults === 'inForce' && parameter.isNullable === true) return nothing;
  const others = admitted?.kind === 'list' ? admitted.items.flatMap((item) => item()) : unknown;
  return alternatives([...standard, ...others]);
}

/** Terraform takes the default for `null` where the variable is not nullable. */
function givenOrDefault(given: Values, { default: standard }: Parameter, scope: NameScope): Values {
  const isNull = given.some((value) => value.kind === 'scalar' && value.value === null);
  return isNull && standard !== undefined ? alternatives([...given, ...evaluate(standard, scope)]) : given;
}

interface CallContext {
  readonly call: ModuleCall;
  readonly template: Template;
  /** The scope of the caller, and that of the called template for one iteration of the call. */
  readonly scope: NameScope;
  readonly enter: (iteration: NameScope) => NameScope;
}

/** The outputs of a called template: a map of them, in a loop a map or list of those of each iteration. */
function moduleOutputs({ call, template, scope, enter }: CallContext): Values {
  const { loop, outputsKey } = call;
  const outputsOf = (iteration: NameScope): Values => {
    let entered: NameScope | undefined;
    const entries = [...template.outputs].map(([name, output]): readonly [string, Lazy] => [
      name,
      lazy(() => evaluate(output, (entered ??= enter(iteration)))),
    ]);
    return mapOf(entries);
  };
  if (loop === undefined) return outputsOf(scope);
  const elementOf = (iteration: NameScope): Values =>
    outputsKey === undefined ? outputsOf(iteration) : mapOf([[outputsKey, () => outputsOf(iteration)]]);
  const values = evaluate(loop.over, scope);
  const over = oneOf(values);
  const iterations = over === undefined ? [] : iterate([over], loop);
  if (over === undefined || over.kind === 'unknown') return unknown;
  const elements = iterations.map((names) => lazy(() => elementOf(withNames(scope, names))));
  const keys = iterations.map((names) => names.get(loop.keyName ?? '') ?? unknown);
  const made = loop.keyedByItem ? keyed(elements, keys) : listOf(elements);
  return isCertainLoop(values) ? made : opened(made);
}

/** A map of the elements, each by the key of its iteration. */
function keyed(elements: readonly Lazy[], keys: readonly Values[]): Values {
  const names = keys.map(scalarOf);
  if (names.some((name) => typeof name !== 'string')) return unknown;
  return mapOf(elements.map((element, index) => [String(names[index]), element]));
}
