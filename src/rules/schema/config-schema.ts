import { includableParts } from '../../resource-types/known-type.ts';
import { ruleIdInAnyCase } from '../rule-id.ts';
import { durationPattern } from '../../model/duration.ts';
import { clouds } from '../../model/cloud.ts';
import {
  dialect,
  type JsonSchema,
  objectOf,
  schemaKey,
  someText,
  textLike,
} from '../../documents/schema/json-schema.ts';
import { severitySchema } from './rule-schema.ts';

const ruleId = textLike(`^${ruleIdInAnyCase}$`, 'a rule id such as AKV002', 'The id of a rule.');

/** The keys that limit how long Azure is waited for. */
const timeoutKeys: Readonly<Record<string, JsonSchema>> = {
  requestTimeout: textLike(
    durationPattern,
    'a duration such as 90s, 10m or 1h30m',
    'The time that one request to Azure may take, with every retry and every wait.',
  ),
  vaultTimeout: textLike(
    durationPattern,
    'a duration such as 5s, 10s or 1m',
    'The time that a vault has to answer a request for what is in it.',
  ),
};

const value: JsonSchema = { type: ['string', 'number', 'boolean', 'array'] };

/** The schema of a configuration file, as published and as checked; `formats` are the names of report formats. */
export function configSchema(formats: readonly string[]): JsonSchema {
  return {
    $schema: dialect,
    title: 'purgeproof configuration',
    ...objectOf(
      {
        $schema: schemaKey,
        ...targetKeys,
        policies: texts('Files and folders with your own rules.'),
        defaultPolicies: { type: 'boolean', description: 'False leaves the built-in rules out.' },
        rules: { type: 'array', items: ruleId, description: 'Only these rules are evaluated.' },
        excludeRules: { type: 'array', items: ruleId, description: 'These rules are skipped.' },
        parameters: {
          type: 'object',
          description:
            'Parameter values: by name for every rule that has the parameter, or under the id of one rule.',
          additionalProperties: {
            anyOf: [value, { type: 'object', additionalProperties: value }],
          },
        },
        severities: {
          type: 'object',
          description: 'Overrides of severities, by rule id.',
          propertyNames: { pattern: ruleId['pattern'], patternErrorMessage: ruleId['patternErrorMessage'] },
          additionalProperties: severitySchema,
        },
        exemptions: someText('The exemptions file: accepted risks.'),
        failOn: { ...severitySchema, description: 'The lowest severity that results in exit code 1.' },
        allowIncomplete: {
          type: 'boolean',
          description: 'True: an incomplete scan may still exit with 0 or 1.',
        },
        includeCompliant: { type: 'boolean', description: 'True: reports also list compliant verdicts.' },
        cloud: { enum: clouds, description: 'The Azure cloud to scan.' },
        ...timeoutKeys,
        output: {
          type: 'array',
          description: 'Reports to write: FORMAT for standard output, FORMAT=PATH for a file.',
          items: textLike(
            `^(${formats.join('|')})(=.+)?$`,
            'FORMAT or FORMAT=PATH with a format such as table, json, sarif or markdown',
            'A report.',
          ),
        },
        deleted: objectOf(
          {
            purge: {
              enum: ['allowed', 'never'],
              description: 'never: every command that would purge refuses to.',
            },
          },
          [],
          'What commands may do with what is deleted; purge: never forbids every purge.',
        ),
      },
      [],
      'What is scanned and how. Paths are relative to this file; flags override it.',
    ),
  };
}

/** The keys that say what is scanned. */
const targetKeys: Readonly<Record<string, JsonSchema>> = {
  subscriptions: texts('Subscriptions to scan, by id or name.'),
  managementGroups: texts('Management groups to scan, by id.'),
  inventory: someText('A file to scan instead of Azure.'),
  inventoryComplete: {
    type: 'boolean',
    description:
      'True: the inventory is whole, even where a bare list in it has exactly 100 or 1,000 rows, as a page has.',
  },
  include: {
    type: 'array',
    items: { enum: [...includableParts] },
    description: 'What is scanned in addition; it is read from Azure.',
  },
};

function texts(description: string): JsonSchema {
  return { type: 'array', description, items: someText('A name or a path.') };
}
