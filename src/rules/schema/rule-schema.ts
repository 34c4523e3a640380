import { risks } from '../../model/risk.ts';
import { severities } from '../../model/severity.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { conditionSchema, conditionRef } from './condition-schema.ts';
import { parametersSchema } from './parameter-schema.ts';
import {
  dialect,
  type JsonSchema,
  nonEmptyListOf,
  objectOf,
  schemaKey,
  someText,
  textLike,
} from '../../documents/schema/json-schema.ts';
import { ruleId, ruleName } from '../rule-id.ts';

/** The severity of a failed rule. */
export const severitySchema: JsonSchema = {
  enum: severities,
  description: 'How bad it is when the rule fails, worst first: critical, high, medium, low.',
};

const resourceType = textLike(
  '^[A-Za-z0-9]+\\.[A-Za-z0-9.]+(/[A-Za-z0-9]+)+$',
  'a resource type such as Microsoft.KeyVault/vaults',
  'A type of resource.',
);

const body: JsonSchema = { type: 'object', description: 'A resource, or the part of it that matters.' };

const examples = objectOf(
  {
    pass: { type: 'array', items: body, description: 'Resources that comply.' },
    fail: {
      type: 'array',
      items: body,
      description: 'Resources that do not comply; a patch must fix each of them.',
    },
    notApplicable: { type: 'array', items: body, description: 'Resources that the rule does not apply to.' },
    unknown: {
      type: 'array',
      items: body,
      description:
        'Resources of which too little is known to judge them, such as text in the place of a number.',
    },
  },
  [],
  'Example resources: they are the tests and the documentation of the rule.',
);

const remediation: JsonSchema = {
  ...objectOf(
    {
      risk: {
        enum: risks,
        description:
          'The risk of the fix: irreversible can never be undone, disruptive may cut off current users.',
      },
      patch: {
        type: 'object',
        minProperties: 1,
        description: 'A JSON merge patch (RFC 7396) that makes a failing resource comply.',
      },
      manual: someText('Manual steps if a patch cannot fix it, or what to know before applying one.'),
    },
    ['risk'],
    'How a failing resource is fixed.',
  ),
  anyOf: [{ required: ['patch'] }, { required: ['manual'] }],
};

const controls = nonEmptyListOf(
  {
    ...someText('The id of a control.'),
    type: ['string', 'object'],
    properties: {
      id: someText('The id of a control.'),
      title: someText('What it asks for, in a few words.'),
    },
    required: ['id'],
    additionalProperties: false,
  },
  'Ids of controls, or ids with titles.',
);

/** A list is the judgement of the author of the rule; what others say is told apart. */
const mappedControls: JsonSchema = {
  ...controls,
  ...objectOf(
    {
      framework: { ...controls, description: 'Controls that name the setting themselves.' },
      azurePolicy: {
        ...controls,
        description:
          'Controls that an initiative of Azure for the framework gives a policy definition of azurePolicies.',
      },
      author: { ...controls, description: 'Controls by the judgement of the author of the rule.' },
    },
    [],
    'Controls of the framework: a list by the judgement of the author, or lists by those who say that the rule serves them.',
  ),
  type: ['array', 'object'],
  minProperties: 1,
};

/** The schema of a rule file, as published and as checked. */
export const ruleSchema: JsonSchema = {
  $schema: dialect,
  title: 'purgeproof rule',
  ...objectOf(
    {
      $schema: schemaKey('rule'),
      id: textLike(
        `^${ruleId}$`,
        '2 to 8 capital letters and 3 or 4 digits, such as ORG001',
        'The permanent id, used in reports, exemptions and fingerprints. AKV is reserved for the rules that ship with purgeproof.',
      ),
      name: textLike(
        `^${ruleName}$`,
        'lower-case words joined by hyphens, such as purge-protection',
        'A readable name.',
      ),
      title: textLike(
        '^\\s*\\S[^\\n]*\\n?$',
        'one line of text',
        'What is true when the rule passes, in one line.',
      ),
      severity: severitySchema,
      resourceType: {
        description: 'The resource type that the rule applies to, or a list of types.',
        anyOf: [
          { ...resourceType, examples: resourceTypes.map(({ type }) => type) },
          { ...nonEmptyListOf(resourceType, 'Several types.'), uniqueItems: true },
        ],
      },
      description: someText('Why it matters.'),
      when: { ...conditionRef, description: 'Which resources the rule applies to; without it, all.' },
      require: { ...conditionRef, description: 'What must hold.' },
      parameters: parametersSchema,
      unset: {
        type: 'object',
        description: 'What the service does when a field is not set, by field; shown in the evidence.',
        additionalProperties: someText('A few words, such as: service default.'),
      },
      remediation,
      controls: {
        type: 'object',
        description: 'The controls that the rule supports, by framework, such as CIS-Azure-6.0.',
        additionalProperties: mappedControls,
      },
      azurePolicies: nonEmptyListOf(
        textLike(
          '^([^/\\s]+|/\\S+/[Pp]olicy[Dd]efinitions/[^/\\s]+)$',
          'the name of a built-in policy definition, or the full id of another one: /…/policyDefinitions/…',
          'The GUID of a built-in definition, or the ARM id of a custom one.',
        ),
        'The policy definitions of Azure that require the same: their exemptions count with --azure-exemptions.',
      ),
      references: {
        type: 'array',
        description: 'Where to read more.',
        items: textLike('^https://[^\\s/]+\\S*$', 'an https:// address', 'An address.'),
      },
      examples,
    },
    ['id', 'name', 'title', 'severity', 'resourceType', 'description', 'require'],
    'One rule in one file.',
  ),
  $defs: { condition: conditionSchema },
};
