import { type Budget, isTooLong } from './budget.ts';
import { functionsOfLists, withoutRepetition } from './list-functions.ts';
import { isReadable, parseData } from './parse-data.ts';
import { logicFunctions } from './logic-functions.ts';
import { functionsOfMaps } from './map-functions.ts';
import { unionAll } from './merge.ts';
import { type Gap, literalOf, type NamePattern, type OwnFact, wholeText } from './name-pattern.ts';
import { textFunctions } from './text-functions.ts';
import { trimFunctions } from './trim-functions.ts';
import { uniqueString } from './unique-string.ts';
import {
  alternatives,
  concatenate,
  eachValue,
  type Lazy,
  mapOf,
  numberOf,
  opened,
  patternOf,
  scalarOf,
  text,
  unknown,
  type Values,
} from './value.ts';

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

/** Of lists a list, of texts a text. */
const concat: SourceFunction = (args) => {
  const isList = args.some(([value]) => value?.kind === 'list');
  const called = isList ? functionsOfMaps['merge'] : textFunctions['concat'];
  return called?.(args) ?? unknown;
};

/** Of lists one list, in which nothing is repeated. */
const union: SourceFunction = (args) => eachValue(unionAll(args), withoutRepetition);

const functions: ReadonlyMap<string, SourceFunction> = new Map([
  ...['string', 'tostring', 'any', 'jsonencode', 'nonsensitive', 'sensitive'].map(
    (name) => [name, same] as const,
  ),
  ['json', decoded],
  ['jsondecode', decoded],
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
  ...Object.entries(logicFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(trimFunctions),
  // Text that the deployment invents.
  ['uniquestring', uniqueStringOf],
  ['invented()', invented],
  ...['guid', 'newguid', 'uuid'].map((name) => [name, () => gap(36, false)] as const),
  ...Object.entries(functionsOfLists),
  ...Object.entries(functionsOfMaps),
  ['concat', concat],
  ['union', union],
]);

/** The data in a text of JSON. What was encoded is kept as it is; of a text with gaps nothing is known. */
function decoded([of]: readonly Values[]): Values {
  return alternatives(
    (of ?? unknown).flatMap((value): Values => {
      if (value.kind !== 'text') return [value];
      const literal = wholeText(value);
      if (literal === undefined || !isReadable(literal, 'json')) return unknown;
      const scalar = scalars.get(literal.trim().toLowerCase());
      if (scalar !== undefined) return [{ kind: 'scalar', value: scalar }];
      if (/^-?\d+(?:\.\d+)?$/.test(literal.trim())) return [{ kind: 'scalar', value: Number(literal) }];
      return parseData(literal, 'json');
    }),
  );
}

const scalars = new Map<string, boolean | null>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/** `resourceGroup()` and `subscription()`: those that the vault is deployed to; with arguments they are others. */
function ownFacts(facts: readonly (readonly [string, OwnFact])[]): SourceFunction {
  const own = opened(mapOf(facts.map(([key, fact]) => [key, ownText(fact)])));
  return (args) => (args.length === 0 ? own : unknown);
}

function ownText(fact: OwnFact): Lazy {
  const gap = { min: 1, max: Infinity, plain: false, origin: { kind: 'own', fact } } as const;
  return () => [{ kind: 'text', pattern: [gap] }];
}

function gap(length: number, plain: boolean): Values {
  return [{ kind: 'text', pattern: [{ min: length, max: length, plain }] }];
}

/** Text that is invented when the code runs, of `length` and `again` characters together; letters and digits, if not special. */
function invented([length, special, again]: readonly Values[]): Values {
  const [count, more] = [numberOf(length), again === undefined ? 0 : numberOf(again)];
  if (count === undefined || more === undefined) return unknown;
  const isPlain = special !== undefined && scalarOf(special) === false;
  return isTooLong(count + more) || count < 0 ? unknown : gap(count + more, isPlain);
}

/**
 * `uniqueString` of Bicep and ARM: known where its arguments are, and for each vault where they are facts of the vault
 * itself; else thirteen letters and digits.
 */
function uniqueStringOf(args: readonly Values[]): Values {
  const joined = concatenate(args.flatMap((values, index) => (index === 0 ? [values] : [text('-'), values])));
  return joined.flatMap((value): Values => {
    const of = patternOf(value);
    const literal = literalOf(of);
    return literal === undefined ? [{ kind: 'text', pattern: [gapOf(of)] }] : text(uniqueString(literal));
  });
}

const length = 13;

function gapOf(of: NamePattern): Gap {
  const gap: Gap = { min: length, max: length, plain: true, base32: true };
  const isOwn = of.every((part) => typeof part === 'string' || part.origin?.kind === 'own');
  return isOwn ? { ...gap, origin: { kind: 'hash', of, start: 0, end: length } } : gap;
}
