import { risks } from '../model/risk.ts';
import { severities } from '../model/severity.ts';
import { resourceTypes } from '../resource-types/index.ts';
import { dialect, type JsonSchema, objectOf, textLike } from '../documents/schema/json-schema.ts';
import { operators } from '../rules/operators/index.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', description, items });
/** Points to the definition below. */
const condition: JsonSchema = { $ref: '#/$defs/condition' };

const conditions = list(condition, 'Conditions.');
const field = objectOf({ kind: { const: 'field' }, path: text('A field.') }, ['kind', 'path'], 'A field.');
const value = objectOf({ kind: { const: 'value' }, value: {} }, ['kind', 'value'], 'A literal value.');
const count = objectOf(
  { kind: { const: 'count' }, field: text('An array.'), where: condition },
  ['kind', 'field'],
  'A number of elements.',
);

/** A condition as a plan holds it: parsed, so that it can be judged by without the rule file. */
const conditionDefinition: JsonSchema = {
  description: 'A condition of a rule, parsed.',
  anyOf: [
    objectOf({ kind: { const: 'allOf' }, conditions }, ['kind', 'conditions'], 'All of them.'),
    objectOf({ kind: { const: 'anyOf' }, conditions }, ['kind', 'conditions'], 'At least one.'),
    objectOf({ kind: { const: 'not' }, condition }, ['kind', 'condition'], 'The opposite.'),
    objectOf(
      {
        kind: { const: 'comparison' },
        operand: { anyOf: [field, value, count] },
        operator: { enum: Object.keys(operators) },
        expected: {},
      },
      ['kind', 'operand', 'operator', 'expected'],
      'A comparison.',
    ),
  ],
};

const hash = textLike('^[0-9a-f]{64}$', '64 lower-case hexadecimal digits', 'Lower-case hex SHA-256.');
const time = textLike(
  String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`,
  'a time such as 2026-11-24T12:00:00.000Z',
  'ISO 8601, UTC.',
);
const anyObject: JsonSchema = { type: 'object' };

const changeable = resourceTypes.flatMap(({ type, operations }) => (operations === undefined ? [] : [type]));

const vault = objectOf(
  {
    id: text('The ARM id.'),
    name: text('The name.'),
    type: text(`${changeable.join(' or ')}.`),
    subscriptionId: text('The subscription.'),
    resourceGroup: text('The resource group.'),
    location: text('The region.'),
    tenantId: text("The vault's own directory."),
  },
  ['id', 'name', 'type', 'subscriptionId', 'resourceGroup', 'location', 'tenantId'],
  'The vault or managed HSM.',
);

const ruleSummary = {
  id: text('The id of the rule.'),
  name: text('Its readable name.'),
  title: text('What holds when it passes.'),
  severity: { enum: [...severities], description: 'How bad it is when it fails.' },
};

const rule = objectOf(
  {
    ...ruleSummary,
    risk: { enum: [...risks], description: 'What its fix costs.' },
    patch: { ...anyObject, description: 'What the rule asks for: a JSON merge patch (RFC 7396).' },
    when: { ...condition, description: 'To what the rule applies; to everything of its types without it.' },
    require: { ...condition, description: 'What must hold.' },
    parameters: { ...anyObject, description: 'Values of its parameters in force.' },
  },
  ['id', 'name', 'title', 'severity', 'risk', 'patch', 'require', 'parameters'],
  'A rule that the step closes, complete enough to judge by.',
);

const before = objectOf(
  {
    hash: { ...hash, description: 'Over all properties but provisioningState: any change of them is drift.' },
    properties: { ...anyObject, description: 'The values, before, of the properties that change.' },
    tags: { ...anyObject, description: 'All tags, before; where the step changes tags.' },
  },
  ['hash', 'properties'],
  'What the plan saw of it.',
);

const precondition = objectOf(
  {
    kind: { enum: ['readOnlyLock', 'disabledSubscription', 'missingPermission', 'notChecked'] },
    scope: text('Where it applies.'),
    message: text('In words.'),
  },
  ['kind', 'scope', 'message'],
  'Something that would make Azure refuse the step.',
);

const step = objectOf(
  {
    id: { ...text('Names the step.'), pattern: '^[0-9a-f]{12}$' },
    vault,
    before,
    changes: { ...anyObject, minProperties: 1, description: 'The body of the PATCH request.' },
    rules: { ...list(rule, 'The rules that it closes.'), minItems: 1 },
    risk: { enum: [...risks], description: 'The worst of its rules.' },
    consequences: list(text('A sentence.'), 'What it means, and what can never be undone.'),
    preconditions: list(precondition, 'What would make Azure refuse it, as far as it could be seen.'),
  },
  ['id', 'vault', 'before', 'changes', 'rules', 'risk', 'consequences', 'preconditions'],
  'One vault or managed HSM, one request.',
);

const manual = objectOf(
  {
    vault,
    rule: objectOf(ruleSummary, ['id', 'name', 'title', 'severity'], 'The rule that fails.'),
    reason: text('Why no request can fix it.'),
    runbook: list(text('One thing to do.'), 'What a person does, in order.'),
  },
  ['vault', 'rule', 'reason', 'runbook'],
  'A finding to fix by hand.',
);

const scope = objectOf(
  {
    subscriptions: list(
      objectOf({ id: text('Its id.'), name: text('Its name.') }, ['id', 'name'], 'A subscription.'),
      'Subscriptions that were scanned.',
    ),
    managementGroups: list(text('An id.'), 'Management groups that were scanned.'),
    inventory: text('The inventory file of an offline scan.'),
    filter: objectOf(
      {
        resourceGroups: list(text('A name, a pattern or an id.'), 'Resource groups.'),
        vaults: list(text('A name, a pattern or an id.'), 'Vaults and managed HSMs.'),
        tags: list(text('NAME=VALUE, or NAME.'), 'Tags.'),
      },
      [],
      'Nothing else was scanned.',
    ),
  },
  ['subscriptions', 'managementGroups'],
  'What the plan was made over.',
);

/** The schema of a plan file, as published and as checked. */
export const planSchema: JsonSchema = {
  $schema: dialect,
  $id: 'urn:purgeproof:plan:1.0',
  title: 'purgeproof plan',
  ...objectOf(
    {
      schemaVersion: { enum: ['1.0'] },
      tool: objectOf(
        { name: text('Its name.'), version: text('Its version.') },
        ['name', 'version'],
        'Who made it.',
      ),
      createdAt: time,
      expiresAt: time,
      tenantId: text('The directory that the caller was signed in to.'),
      scope,
      steps: list(step, 'What to send, one step for each vault or managed HSM.'),
      manual: list(manual, 'What no request can fix.'),
      hash: { ...hash, description: 'Over the canonical JSON of all the rest.' },
    },
    ['schemaVersion', 'tool', 'createdAt', 'expiresAt', 'tenantId', 'scope', 'steps', 'manual', 'hash'],
    'What purgeproof plan proposes and purgeproof apply sends.',
  ),
  $defs: { condition: conditionDefinition },
};
