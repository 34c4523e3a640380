import { alternatives, scalarOf, unknown, type Value, type Values } from './value.ts';

type LogicFunction = (args: readonly Values[]) => Values;

/** Functions over truth values, by ARM's names in lower case; the operators of Bicep and Terraform call them too. */
export const logicFunctions: Readonly<Record<string, LogicFunction>> = {
  if: ([condition, yes, no]) => {
    const decided = truthOf(condition);
    if (decided !== undefined) return (decided ? yes : no) ?? unknown;
    return alternatives([...(yes ?? unknown), ...(no ?? unknown)]);
  },
  equals: ([one, other]) => equals(one?.length === 1 ? one : unknown, other?.length === 1 ? other : unknown),
  not: ([of]) => truth(negated(truthOf(of))),
  and: (args) => truth(joined(args, false)),
  or: (args) => truth(joined(args, true)),
};

/** Values of one type are compared as they are written, `null` with anything; no list or object is. */
function equals(one: Values, other: Values): Values {
  const [left, right] = [scalarOf(one), scalarOf(other)];
  if (left === undefined || right === undefined) return truth(undefined);
  const isComparable = typeof left === typeof right || left === null || right === null;
  return truth(isComparable ? left === right : undefined);
}

/** `decisive` where one argument is it; its contrary where all are that; else it is not known. */
function joined(args: readonly Values[], decisive: boolean): boolean | undefined {
  const values = new Set(args.map(truthOf));
  if (values.has(decisive)) return decisive;
  return values.has(undefined) ? undefined : !decisive;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function truthOf(values: Values | undefined): boolean | undefined {
  const value = scalarOf(values ?? unknown);
  return typeof value === 'boolean' ? value : undefined;
}

function truth(value: boolean | undefined): readonly Value[] {
  return value === undefined ? unknown : [{ kind: 'scalar', value }];
}
