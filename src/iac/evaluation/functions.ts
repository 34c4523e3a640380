import type { Budget } from './budget.ts';
import { collectionFunctions } from './collection-functions.ts';
import { inventedText } from './invented-text.ts';
import { literalOf, type OwnFact } from './name-pattern.ts';
import { textFunctions } from './text-functions.ts';
import { trimFunctions } from './trim-functions.ts';
import { alternatives, failed, type Lazy, mapOf, unknown, type Value, type Values } from './value.ts';

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

/** The first argument that is not null; Terraform passes over empty text as well. */
const coalesce: SourceFunction = (args) =>
  args.some((values) => values.length === 0)
    ? failed
    : firstThat(args, (value) => !isNull(value) && !isEmptyText(value));

/** The first argument that can be worked out. */
const tried: SourceFunction = (args) => firstThat(args, (value) => value.kind !== 'unknown');

/** What may be taken of several arguments: all up to the first that certainly will do. Those that fail will not. */
function firstThat(args: readonly Values[], willDo: (value: Value) => boolean): Values {
  const taken: Value[] = [];
  for (const values of args) {
    if (values.length === 0) continue;
    taken.push(...values.filter((value) => !isNull(value) || willDo(value)));
    if (values.every((value) => value.kind !== 'unknown' && willDo(value))) break;
  }
  return taken.length === 0 ? unknown : alternatives(taken);
}

function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

function isEmptyText(value: Value): boolean {
  return value.kind === 'text' && literalOf(value.pattern) === '';
}

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
  ['coalesce', coalesce],
  ['try', tried],
  // The default of Bicep's parameter files; the runner may set any other value.
  ['readenvironmentvariable', ([, standard]) => alternatives([...(standard ?? []), ...unknown])],
  [
    'resourcegroup',
    ownFacts([
      ['id', 'resourceGroupId'],
      ['name', 'resourceGroupName'],
    ]),
  ],
  [
    'subscription',
    ownFacts([
      ['id', 'subscriptionId'],
      ['subscriptionId', 'subscriptionGuid'],
    ]),
  ],
  ['if', ([, yes, no]) => alternatives([...(yes ?? unknown), ...(no ?? unknown)])],
  ...Object.entries(textFunctions),
  ...Object.entries(trimFunctions),
  ...Object.entries(inventedText),
  ...Object.entries(collectionFunctions),
  ['concat', concat],
]);

/** `resourceGroup()` and `subscription()`: those that the vault is deployed to; with arguments they are others. */
function ownFacts(facts: readonly (readonly [string, OwnFact])[]): SourceFunction {
  const own = mapOf(facts.map(([key, fact]) => [key, ownText(fact)]));
  return (args) => (args.length === 0 ? own : unknown);
}

function ownText(fact: OwnFact): Lazy {
  const gap = { min: 1, max: Infinity, plain: false, origin: { kind: 'own', fact } } as const;
  return () => [{ kind: 'text', pattern: [gap] }];
}
