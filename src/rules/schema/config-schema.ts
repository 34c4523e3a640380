import { ruleIdInAnyCase } from '../rule-id.ts';
import { clouds } from '../../model/settings.ts';
import { dialect, type JsonSchema, objectOf, schemaKey, someText, textLike } from './json-schema.ts';
import { severitySchema } from './words.ts';

const ruleId = textLike(`^${ruleIdInAnyCase}$`, 'a rule id such as AKV002', 'The id of a rule.');

const value: JsonSchema = { type: ['string', 'number', 'boolean', 'array'] };

/** The schema of a configuration file, as published and as checked. */
export const configSchema: JsonSchema = {
  $schema: dialect,
  title: 'purgeproof configuration',
  ...objectOf(
    {
      $schema: schemaKey,
      subscriptions: texts('Subscriptions to scan, by id or name.'),
      managementGroups: texts('Management groups to scan, by id.'),
      inventory: someText('A file to scan instead of Azure.'),
      policies: texts('Files and folders of your own rules.'),
      defaultPolicies: { type: 'boolean', description: 'False leaves the built-in rules out.' },
      rules: { type: 'array', items: ruleId, description: 'Only these rules are judged.' },
      excludeRules: { type: 'array', items: ruleId, description: 'These rules are not judged.' },
      parameters: {
        type: 'object',
        description:
          'Values for parameters: by name for every rule that has it, or below the id of one rule.',
        additionalProperties: {
          anyOf: [value, { type: 'object', additionalProperties: value }],
        },
      },
      severities: {
        type: 'object',
        description: 'Other severities, by rule id.',
        propertyNames: { pattern: ruleId['pattern'], patternErrorMessage: ruleId['patternErrorMessage'] },
        additionalProperties: severitySchema,
      },
      exemptions: someText('The file of accepted risks.'),
      failOn: { ...severitySchema, description: 'The least severity that makes the exit code 1.' },
      allowIncomplete: {
        type: 'boolean',
        description: 'True: a scan that did not see everything may still end with 0 or 1.',
      },
      includeCompliant: { type: 'boolean', description: 'True: reports list what passes, too.' },
      cloud: { enum: clouds, description: 'The Azure cloud to scan.' },
      output: {
        type: 'array',
        description: 'Reports to write: FORMAT for standard output, FORMAT=PATH for a file.',
        items: textLike(
          '^(table|json|sarif|sarif-full|markdown)(=.+)?$',
          'FORMAT or FORMAT=PATH with a format such as table, json, sarif or markdown',
          'A report.',
        ),
      },
    },
    [],
    'What a scan looks at and how it judges. Paths are relative to this file; flags override it.',
  ),
};

function texts(description: string): JsonSchema {
  return { type: 'array', description, items: someText('A name or a path.') };
}
