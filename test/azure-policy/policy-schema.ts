import { Ajv2020, type SchemaObject } from 'ajv/dist/2020.js';

/*
 * The official schemas of Azure Policy in our own words: Azure/azure-resource-manager-schemas at a145443 (2026-08-16),
 * schemas/2020-10-01/policyDefinition.json for rules, and Microsoft.Authorization.json of 2026-06-01 (definitions, initiatives) and of
 * 2022-07-01-preview (exemptions). `exported-schema.test.ts` tries the real ones where a clone is given.
 */

const text: SchemaObject = { type: 'string' };
const expression: SchemaObject = { type: 'string', pattern: String.raw`^\[([^\[].*)?\]$` };
const number: SchemaObject = { type: ['number', 'string'] };
const list: SchemaObject = { type: ['array', 'string'] };
const anything: SchemaObject = {};

const operators: Readonly<Record<string, SchemaObject>> = {
  ...Object.fromEntries(
    ['equals', 'notEquals', 'less', 'lessOrEquals', 'greater', 'greaterOrEquals'].map((name) => [
      name,
      number,
    ]),
  ),
  ...Object.fromEntries(
    ['like', 'notLike', 'contains', 'notContains', 'containsKey', 'notContainsKey', 'match', 'notMatch'].map(
      (name) => [name, text],
    ),
  ),
  matchInsensitively: text,
  notMatchInsensitively: text,
  in: list,
  notIn: list,
  exists: { type: ['boolean', 'string'] },
};
const subjects: Readonly<Record<string, SchemaObject>> = {
  field: text,
  value: text,
  source: text,
  count: { $ref: '#/$defs/count' },
};
const condition: SchemaObject = { $ref: '#/$defs/condition' };

/** Exactly one of these members, and it is of its form. */
function oneMember(members: Readonly<Record<string, SchemaObject>>): SchemaObject {
  const each = Object.entries(members);
  return { oneOf: each.map(([name, form]) => ({ required: [name], properties: { [name]: form } })) };
}

/** An object with these members, of which the first ones are required, and no others. */
function only(members: Readonly<Record<string, SchemaObject>>, required: readonly string[]): SchemaObject {
  return { type: 'object', properties: members, required: [...required], additionalProperties: false };
}

const conditions = { type: 'array', minItems: 1, items: condition };
const effects = 'append audit auditIfNotExists deny deployIfNotExists manual modify disabled'.split(' ');

const $defs: SchemaObject = {
  count: {
    oneOf: [
      only({ field: text, where: condition }, ['field']),
      only({ value: { oneOf: [{ type: 'array' }, expression] }, name: text, where: condition }, ['value']),
    ],
  },
  condition: {
    oneOf: [
      { allOf: [oneMember(subjects), oneMember(operators)] },
      only({ not: condition }, ['not']),
      only({ anyOf: conditions }, ['anyOf']),
      only({ allOf: conditions }, ['allOf']),
    ],
  },
};

const rule: SchemaObject = only(
  { if: condition, then: only({ effect: { oneOf: [{ enum: effects }, expression] } }, ['effect']) },
  ['if', 'then'],
);

const parameter: SchemaObject = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: ['String', 'Array', 'Object', 'Boolean', 'Integer', 'Float', 'DateTime'] },
    allowedValues: { type: 'array' },
    defaultValue: anything,
    metadata: { type: 'object', properties: { displayName: text, description: text, strongType: text } },
  },
};
const described: Readonly<Record<string, SchemaObject>> = {
  // The lengths are those that the service takes: https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics
  displayName: { type: 'string', maxLength: 128 },
  description: { type: 'string', maxLength: 512 },
  policyType: { enum: ['NotSpecified', 'BuiltIn', 'Custom', 'Static'] },
  metadata: { type: 'object' },
  parameters: { type: 'object', additionalProperties: parameter },
};

function resource(type: string, properties: SchemaObject): SchemaObject {
  const members = {
    name: { type: 'string', minLength: 1 },
    type: { const: `Microsoft.Authorization/${type}` },
    properties,
  };
  return { type: 'object', properties: members, required: Object.keys(members) };
}

const definition = resource('policyDefinitions', {
  type: 'object',
  properties: { ...described, mode: text, policyRule: rule },
  required: ['policyRule'],
});

const member: SchemaObject = {
  type: 'object',
  required: ['policyDefinitionId'],
  properties: {
    policyDefinitionId: text,
    policyDefinitionReferenceId: text,
    groupNames: { type: 'array', items: text },
    parameters: { type: 'object', additionalProperties: only({ value: anything }, ['value']) },
  },
};
const initiative = resource('policySetDefinitions', {
  type: 'object',
  properties: {
    ...described,
    policyDefinitions: { type: 'array', items: member },
    policyDefinitionGroups: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { name: text } },
    },
  },
  required: ['policyDefinitions'],
});

const exemption = resource('policyExemptions', {
  type: 'object',
  properties: {
    policyAssignmentId: text,
    policyDefinitionReferenceIds: { type: 'array', items: text },
    exemptionCategory: { enum: ['Waiver', 'Mitigated'] },
    expiresOn: { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$` },
    displayName: { type: 'string', maxLength: 128 },
    description: { type: 'string', maxLength: 512 },
    metadata: { type: 'object' },
  },
  required: ['policyAssignmentId', 'exemptionCategory'],
});

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validators = {
  rule: ajv.compile({ ...rule, $defs }),
  definition: ajv.compile({ ...definition, $defs }),
  initiative: ajv.compile({ ...initiative, $defs }),
  exemption: ajv.compile({ ...exemption, $defs }),
};

/** The faults of a value that is exported to Azure Policy, in the words of the validator; none where it is valid. */
export function policyFaults(kind: keyof typeof validators, value: unknown): readonly string[] {
  const validate = validators[kind];
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}
