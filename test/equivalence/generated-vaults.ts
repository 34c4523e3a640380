import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Condition, Rule } from '../../src/model/rule.ts';
import { type Form, formOfType } from '../../src/resource-types/form.ts';
import { managedHsm } from '../../src/resource-types/managed-hsm.ts';
import { vault } from '../../src/resource-types/vault.ts';
import { subscriptionId } from '../build.ts';

/** How a property is written: what a rule may find in the place of what it reads. */
export const shapes = [
  'unset',
  'null',
  'wellFormed',
  'wrongKind',
  'malformedInside',
  'respelt',
  'twice',
] as const;

/** How a property is written. */
type Shape = (typeof shapes)[number];

/** A vault or managed HSM that was made up, and how each of its properties is written. */
export interface GeneratedVault {
  readonly body: JsonObject & { readonly name: string; readonly type: string };
  /** By the name of the property; `properties` for a vault without an object of that name. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** The properties that rules on a resource type read, without what stands below them: `networkAcls`. */
export function propertiesRead(rules: readonly Rule[], type: string): readonly string[] {
  const own = rules.filter(({ resourceTypes }) => resourceTypes.includes(type));
  const paths = own.flatMap(({ when, require }) =>
    [when, require].flatMap((part) => (part === undefined ? [] : pathsIn(part))),
  );
  const names = paths.flatMap((path) => /^properties\.(\w+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

function pathsIn(condition: Condition): readonly string[] {
  if (condition.kind === 'not') return pathsIn(condition.condition);
  if (condition.kind !== 'comparison') return condition.conditions.flatMap(pathsIn);
  const { operand } = condition;
  if (operand.kind === 'field') return [operand.path];
  if (operand.kind === 'value') return [];
  const where = operand.where === undefined ? [] : pathsIn(operand.where);
  return operand.kind === 'count' ? [operand.field, ...where] : where;
}

interface Choice {
  readonly count: number;
  readonly seed: number;
  /** The first number in the names of these vaults. */
  readonly from: number;
  /** The shapes that properties may have; all of them when left out. */
  readonly only?: readonly Shape[];
  /** True for a vault that is wanted; every vault is when left out. */
  readonly wanted?: (made: GeneratedVault) => boolean;
}

/** Makes up vaults and managed HSMs with the properties that are named, by resource type, in every shape. */
export function generatedVaults(
  read: Readonly<Record<string, readonly string[]>>,
  { count, seed, from, only = shapes, wanted = () => true }: Choice,
): readonly GeneratedVault[] {
  const one = fc
    .constantFrom(vault.type, vault.type, vault.type, managedHsm.type)
    .chain((type) => generated(type, read[type] ?? [], only))
    .filter((made) => wanted(named(made, 0)));
  return fc.sample(one, { numRuns: count, seed }).map((made, index) => named(made, from + index));
}

interface Unnamed {
  readonly type: string;
  readonly properties: Json | undefined;
  readonly shapes: ReadonlyMap<string, Shape>;
}

function generated(type: string, names: readonly string[], only: readonly Shape[]): fc.Arbitrary<Unnamed> {
  const form = formOfType(type)?.parts.get('properties');
  const members = names.map((name) => {
    const below = form?.parts.get(name);
    if (below === undefined) throw new Error(`${type} has no property ${name}`);
    return member(name, below, only);
  });
  const whole = fc.tuple(fc.tuple(...members), createModes).map(([written, mode]): Unnamed => ({
    type,
    properties: Object.fromEntries([...written.flatMap(({ entries }) => entries), ...mode]),
    shapes: new Map(written.map(({ name, shape }) => [name, shape])),
  }));
  const nothing = fc
    .constantFrom<Json | undefined>(undefined, null, 'none', [], 7)
    .map((properties): Unnamed => ({ type, properties, shapes: new Map([['properties', 'wrongKind']]) }));
  const isWhole = !only.includes('wrongKind');
  return isWhole ? whole : fc.oneof({ weight: 40, arbitrary: whole }, { weight: 1, arbitrary: nothing });
}

type Entries = readonly (readonly [string, Json])[];

/** Azure never shows it: a deployment may have it, and Azure Policy sees it in a request. */
const createModes: fc.Arbitrary<Entries> = fc.oneof(
  { weight: 16, arbitrary: fc.constant<Entries>([]) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('default', 'recover', 'Recover')
      .map((mode): Entries => [['createMode', mode]]),
  },
);

interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly entries: Entries;
}

/** A property with its value in one of the shapes; most are as Azure writes them, so that the odd one decides. */
function member(name: string, form: Form, only: readonly Shape[]): fc.Arbitrary<Member> {
  const as = (shape: Shape, weight: number, entries: fc.Arbitrary<Entries>) => ({
    weight: only.includes(shape) ? weight : 0,
    arbitrary: entries.map((some): Member => ({ name, shape, entries: some })),
  });
  const good = valueOf(form);
  const under =
    (key: string) =>
    (value: Json): Entries => [[key, value]];
  const kinds = [
    as('unset', 5, fc.constant<Entries>([])),
    as('null', 2, fc.constant<Entries>([[name, null]])),
    as('wellFormed', 20, good.map(under(name))),
    as('wrongKind', 1, wrongKind(form).map(under(name))),
    as(
      'respelt',
      2,
      fc.oneof(
        fc.tuple(spellings(name), good).map(([key, value]): Entries => [[key, value]]),
        fc
          .tuple(good, fc.constantFrom(...respellers))
          .map(([value, respell]): Entries => [[name, keysRespelt(value, respell)]]),
      ),
    ),
    as(
      'twice',
      1,
      fc.tuple(spellings(name), good, good).map(([key, one, other]): Entries => [
        [name, one],
        [key, other],
      ]),
    ),
  ];
  const inside = malformedInside(form);
  return fc.oneof(
    ...kinds,
    ...(inside === undefined ? [] : [as('malformedInside', 3, inside.map(under(name)))]),
  );
}

const respellers: readonly ((name: string) => string)[] = [
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
  (name) => name.slice(0, 1).toUpperCase() + name.slice(1),
];

function spellings(name: string): fc.Arbitrary<string> {
  return fc.constantFrom(...respellers.map((respell) => respell(name)).filter((other) => other !== name));
}

function keysRespelt(value: Json, respell: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => keysRespelt(item, respell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [respell(key), keysRespelt(item ?? null, respell)]),
  );
}

/** Booleans and numbers as text, too: templates, CSV and Terraform write them so. */
const booleans: readonly Json[] = [true, false, true, false, true, false, 'true', 'false', 'True', 'FALSE'];
const integers: readonly Json[] = [7, 29, 30, 31, 89, 90, 90, 90, '7', '90'];

/** A value of a form as Azure writes it, or as exports do. */
function valueOf({ type, parts, each, values }: Form): fc.Arbitrary<Json> {
  if (type === 'boolean') return fc.constantFrom(...booleans);
  if (type === 'integer') return fc.constantFrom(...integers);
  if (type === 'string') return textOf(values);
  if (type === 'array')
    return each === undefined ? fc.constant([]) : fc.array(valueOf(each), { maxLength: 3 });
  const orNull = (part: Form): fc.Arbitrary<Json> =>
    fc.oneof({ weight: 12, arbitrary: valueOf(part) }, { weight: 1, arbitrary: fc.constant<Json>(null) });
  return fc.record(Object.fromEntries([...parts].map(([name, part]) => [name, orNull(part)])), {
    requiredKeys: [],
  });
}

function textOf(values: readonly string[] | undefined): fc.Arbitrary<Json> {
  const plain = fc.constantFrom('one', 'two', 'purge', "it's [odd]", '[]', '${x}', '');
  if (values === undefined) return plain;
  const known = fc.constantFrom(...values);
  return fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 1, arbitrary: known.map((text) => text.toUpperCase()) },
    { weight: 1, arbitrary: known.map((text) => text.toLowerCase()) },
    { weight: 1, arbitrary: plain },
  );
}

const wrongKinds: Readonly<Record<Form['type'], readonly Json[]>> = {
  boolean: ['yes', '', 1, 0, [], {}, [true], { value: true }],
  integer: ['soon', '', '90 days', true, [], {}, [90]],
  string: [7, true, [], {}, ['Deny']],
  array: ['[]', '', 'purge', 7, true, {}, { keys: ['purge'] }],
  object: ['{}', '', 'Deny', 7, true, [], [{}]],
};

function wrongKind({ type }: Form): fc.Arbitrary<Json> {
  return fc.constantFrom(...wrongKinds[type]);
}

/** A list or an object with something in it that is of the wrong kind, at any depth. */
function malformedInside(form: Form): fc.Arbitrary<Json> | undefined {
  if (form.type === 'array' && form.each !== undefined) {
    const { each } = form;
    const odd = fc.oneof(fc.constant<Json>(null), wrongKind(each), malformedInside(each) ?? wrongKind(each));
    return fc
      .tuple(fc.array(valueOf(each), { maxLength: 3 }), odd, fc.nat(3))
      .map(([list, one, at]) => list.toSpliced(at, 0, one));
  }
  if (form.type !== 'object' || form.parts.size === 0) return undefined;
  const spoilt = [...form.parts].map(([name, part]) => {
    const odd = fc.oneof(wrongKind(part), malformedInside(part) ?? wrongKind(part));
    return odd.map((value) => [name, value] as const);
  });
  return fc
    .tuple(valueOf(form), fc.oneof(...spoilt))
    .map(([value, [name, odd]]): Json => Object.assign({}, value, { [name]: odd }));
}

function named({ type, properties, shapes: written }: Unnamed, index: number): GeneratedVault {
  const name = `kv-${String(index).padStart(5, '0')}`;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-${index % 7}`;
  return {
    body: {
      id: `${group}/providers/${type}/${name}`,
      name,
      type,
      location: 'westeurope',
      tags: {},
      ...(properties === undefined ? {} : { properties }),
    },
    shapes: written,
  };
}

/** A text, number or boolean as a word in lower case; nothing for anything else. */
export function wordOf(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === 'object'
    ? ''
    : String(value).toLowerCase();
}
