import type { Budget } from './budget.ts';
import { collectionFunctions } from './collection-functions.ts';
import { textFunctions } from './text-functions.ts';
import { alternatives, unknown, type Value, type Values } from './value.ts';

/** A function of Bicep, ARM or Terraform over the values that its arguments may take. */
type SourceFunction = (args: readonly Values[], budget: Budget) => Values;

interface FunctionCall {
  readonly name: string;
  readonly args: readonly Values[];
  readonly budget: Budget;
}

/** Calls a function by name, in any letter case. One that is not known here gives something unknown. */
export function callFunction({ name, args, budget }: FunctionCall): Values {
  const called = functions.get(name.toLowerCase());
  return called === undefined ? unknown : called(args, budget);
}

const same: SourceFunction = ([first]) => first ?? unknown;

/** `coalesce`, `try`: any of the arguments that is not null. */
const either: SourceFunction = (args) => {
  const given = args.flat().filter((value: Value) => value.kind !== 'scalar' || value.value !== null);
  return given.length === 0 ? unknown : alternatives(given);
};

/** Of lists a list, of texts a text. */
const concat: SourceFunction = (args, budget) => {
  const isList = args.some(([value]) => value?.kind === 'list');
  const called = isList ? collectionFunctions['union'] : textFunctions['concat'];
  return called?.(args, budget) ?? unknown;
};

const functions: ReadonlyMap<string, SourceFunction> = new Map([
  ...['string', 'tostring', 'any', 'json', 'jsonencode', 'jsondecode', 'nonsensitive', 'sensitive'].map(
    (name) => [name, same] as const,
  ),
  ...['coalesce', 'try', 'one'].map((name) => [name, either] as const),
  ['if', ([, yes, no]) => alternatives([...(yes ?? unknown), ...(no ?? unknown)])],
  ...Object.entries(textFunctions),
  ...Object.entries(collectionFunctions),
  ['concat', concat],
]);
