import { risks } from '../../model/rule.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { conditionDefinition, conditionRef } from './condition-schema.ts';
import { dialect, type JsonSchema, listOf, objectOf, schemaKey, someText, textLike } from './json-schema.ts';
import { parametersSchema } from './parameter-schema.ts';
import { ruleIdSchema, severitySchema } from './words.ts';

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
      description: 'Resources that do not; a patch must fix each of them.',
    },
    notApplicable: { type: 'array', items: body, description: 'Resources to which `when` does not apply.' },
  },
  [],
  'Resources that show the rule at work: they are its tests and its documentation.',
);

const remediation: JsonSchema = {
  ...objectOf(
    {
      risk: {
        enum: risks,
        description:
          'What a fix costs: irreversible can never be undone, disruptive may cut off current users.',
      },
      patch: {
        type: 'object',
        minProperties: 1,
        description: 'A JSON merge patch (RFC 7396) that makes a failing resource comply.',
      },
      manual: someText('What a person does where a patch cannot, or should know beforehand.'),
    },
    ['risk'],
    'How a failing resource is fixed.',
  ),
  anyOf: [{ required: ['patch'] }, { required: ['manual'] }],
};

/** The schema of a rule file, as published and as checked. */
export const ruleSchema: JsonSchema = {
  $schema: dialect,
  title: 'purgeproof rule',
  ...objectOf(
    {
      $schema: schemaKey,
      id: ruleIdSchema,
      name: textLike(
        '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        'lower-case words joined by hyphens, such as purge-protection',
        'A readable name.',
      ),
      title: textLike(
        '^\\s*\\S[^\\n]*\\n?$',
        'one line of text',
        'What holds when the rule passes, in one line.',
      ),
      severity: severitySchema,
      resourceType: {
        description: 'The type of resource that the rule is about, or a list of types.',
        anyOf: [
          { ...resourceType, examples: catalogue.map((entry) => entry.resourceType) },
          { ...listOf(resourceType, 'Several types.'), uniqueItems: true },
        ],
      },
      description: someText('Why it matters.'),
      when: { ...conditionRef, description: 'To which resources the rule applies; to all without it.' },
      require: { ...conditionRef, description: 'What must hold.' },
      parameters: parametersSchema,
      unset: {
        type: 'object',
        description: 'What an absent field means to the service, by field: shown in evidence.',
        additionalProperties: someText('A few words, such as: service default.'),
      },
      remediation,
      controls: {
        type: 'object',
        description: 'Controls of frameworks that the rule supports, such as CIS-Azure-6.0.',
        additionalProperties: listOf(someText('The id of a control.'), 'Ids of controls.'),
      },
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
  $defs: { condition: conditionDefinition },
};
