import type { JsonSchema } from '../src/documents/schema/json-schema.ts';
import { fieldNames } from '../src/rules/catalogue/canonical-field.ts';
import { ruleSchema } from '../src/rules/schema/rule-schema.ts';
import { resourceTypes } from '../src/resource-types/index.ts';
import type { ResourceType } from '../src/resource-types/resource-type.ts';

/**
 * The schema of a rule file for editors: besides what the program checks by schema, it knows the fields of each resource
 * type, by every name that the loader takes. The loader has better words for them, which a schema cannot say.
 */
export function publishedRuleSchema(): JsonSchema {
  const { $defs, ...rest } = ruleSchema;
  const kinds = [...resourceTypes.map(kindOf), severalTypes];
  return {
    ...rest,
    allOf: kinds.map(({ name, resourceType }) => ({
      if: { properties: { resourceType }, required: ['resourceType'] },
      // A keyword of JSON Schema; nobody awaits it.
      // oxlint-disable-next-line unicorn/no-thenable
      then: {
        properties: {
          when: conditionOn(name),
          require: conditionOn(name),
          unset: { propertyNames: fieldOf(name) },
        },
      },
    })),
    $defs: Object.assign({}, $defs, ...kinds.map(definitions)),
  };
}

/** The rules on one resource type, or on several. */
interface RuleKind {
  readonly name: string;
  readonly resourceType: JsonSchema;
  readonly types: readonly ResourceType[];
}

function kindOf(type: ResourceType): RuleKind {
  const name = type.type.split('/').slice(1).join('-');
  return { name, resourceType: { type: 'string', pattern: `^${anyCase(type.type)}$` }, types: [type] };
}

/** A field of any of the types will do, unless the catalogue does not know one of them. */
const severalTypes: RuleKind = {
  name: 'several-types',
  resourceType: {
    type: 'array',
    items: { pattern: `^(?:${resourceTypes.map(({ type }) => anyCase(type)).join('|')})$` },
  },
  types: resourceTypes,
};

function conditionOn(name: string): JsonSchema {
  return { $ref: `#/$defs/condition-on-${name}` };
}

function fieldOf(name: string): JsonSchema {
  return { $ref: `#/$defs/field-of-${name}` };
}

function definitions({ name, types }: RuleKind): JsonSchema {
  const condition = conditionOn(name);
  const field = fieldOf(name);
  return {
    [`condition-on-${name}`]: {
      properties: {
        allOf: { items: condition },
        anyOf: { items: condition },
        not: condition,
        field,
        count: { properties: { field, where: condition } },
      },
    },
    [`field-of-${name}`]: {
      allOf: [
        {
          not: { type: 'string', pattern: byNumber },
          errorMessage: 'One element is named by number; [*] stands for every element.',
        },
        types.length === 1 ? fieldOfOne(types) : fieldOfAny(types),
      ],
    },
  };
}

function fieldOfOne(types: readonly ResourceType[]): JsonSchema {
  return {
    pattern: `^(?:${patternOf(types)}|${tagPattern})$|${byNumber}`,
    patternErrorMessage: `This is no field of ${types[0]?.type}, nor a tag.`,
  };
}

/** By the patterns of each type, which are there; in two negations, as editors have a message of ours for those alone. */
function fieldOfAny(types: readonly ResourceType[]): JsonSchema {
  const known = types.map((type) => fieldOf(kindOf(type).name));
  return {
    not: { not: { anyOf: [...known, { type: 'string', pattern: byNumber }] } },
    errorMessage: 'This is no field of these resource types, nor a tag.',
  };
}

const byNumber = '\\[\\d+\\]';

const tagPattern = `${anyCase('tags')}(?:\\.[^\\[\\]']+|\\['[^']+'\\]|\\[[^\\[\\]'*]+\\])`;

/** A pattern of every name of every field; names that begin alike share their beginning. */
function patternOf(types: readonly ResourceType[]): string {
  const names = new Set(types.flatMap(fieldNames).map((name) => name.toLowerCase()));
  return alternatives([...names].toSorted());
}

/** A pattern of sorted words. */
function alternatives(words: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const word of words)
    groups.set(word.slice(0, 1), [...(groups.get(word.slice(0, 1)) ?? []), word.slice(1)]);
  const parts = Array.from(groups, ([first, rests]) =>
    first === '' ? '' : anyCase(first) + alternatives(rests),
  );
  return parts.length === 1 ? (parts[0] ?? '') : `(?:${parts.join('|')})`;
}

/** Names of Azure are the same in any letter case; patterns of JSON Schema have no flag for that. */
function anyCase(text: string): string {
  return text
    .replaceAll(/[.*+?^${}()|[\]\\/]/gu, '\\$&')
    .replaceAll(/[a-z]/giu, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}
