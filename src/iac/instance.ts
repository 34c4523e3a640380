import type { Location } from '../model/location.ts';
import { type Budget, spend } from './evaluation/budget.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { type Argument, lazy, type Scope } from './evaluation/scope.ts';
import { alternatives, type Lazy, unknown, type Values } from './evaluation/value.ts';
import { passedOn } from './passed-on.ts';
import type { Parameter, ParameterFile, Template, Written } from './template.ts';

/** A template as it is deployed once: with these arguments. */
export interface Instance {
  readonly template: Template;
  readonly arguments: ReadonlyMap<string, Argument>;
  /** True where nobody calls it: then whoever deploys it may give parameters other values than their defaults. */
  readonly open: boolean;
}

/** What the names of a template mean in one deployment of it. */
export function scopeOf({ template, arguments: given, open }: Instance, budget: Budget): Scope {
  spend(budget, (template.values.size + template.parameters.size) / 10);
  const values = new Map<string, Lazy>();
  const parameters = new Map<string, Lazy>();
  const scope: Scope = {
    budget,
    reference: (name) => values.get(name)?.() ?? parameters.get(name.toLowerCase())?.(),
    parameter: (name) => parameters.get(name)?.(),
    argument: (name) => given.get(name),
  };
  for (const [name, expression] of template.values) {
    values.set(
      name,
      lazy(() => evaluate(expression, scope)),
    );
  }
  for (const [name, parameter] of template.parameters) {
    const handedOver = given.get(name)?.values;
    parameters.set(name, lazy(handedOver ?? (() => defaultsOf(parameter, scope, open))));
  }
  return scope;
}

/** Any value that the template admits, its default, and, where it is not called, whatever else it may be given. */
function defaultsOf(parameter: Parameter, scope: Scope, open: boolean): Values {
  const standard = parameter.default === undefined ? [] : evaluate(parameter.default, scope);
  const [admitted] = parameter.allowed === undefined ? [] : evaluate(parameter.allowed, scope);
  if (open && admitted?.kind === 'list') {
    return alternatives([...standard, ...admitted.items.flatMap((item) => item())]);
  }
  return open || standard.length === 0 ? alternatives([...standard, ...unknown]) : standard;
}

/** The values that a parameter file hands over, worked out with its own variables. */
export function argumentsIn(
  { arguments: given, values }: ParameterFile,
  budget: Budget,
): ReadonlyMap<string, Argument> {
  const template: Template = { parameters: new Map(), values, vaults: [], calls: [] };
  const scope = scopeOf({ template, arguments: new Map(), open: false }, budget);
  return new Map(
    [...given].map(([name, { at, value }]) => [name, { at, values: lazy(() => evaluate(value, scope)) }]),
  );
}

/** Where the value of a property is written: in the module call or parameter file that hands it over, if one does. */
export function writtenAt({ at, value }: Written, scope: Scope): Location {
  const [name, ...others] = passedOn(value);
  const handedOver = name === undefined || others.length > 0 ? undefined : scope.argument(name);
  return handedOver?.at ?? at;
}
