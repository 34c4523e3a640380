import { includableParts } from '../../resource-types/known-type.ts';
import { ruleReference } from '../rule-id.ts';
import { durationPattern } from '../../model/duration.ts';
import { guidPattern } from '../../model/guid.ts';
import { tagPattern } from '../../model/scan-filter.ts';
import { clouds } from '../../model/cloud.ts';
import {
  dialect,
  type JsonSchema,
  nonEmptyListOf,
  objectOf,
  schemaKey,
  someText,
  textLike,
  textUnlike,
} from '../../documents/schema/json-schema.ts';
import { severitySchema } from './rule-schema.ts';
import { parametersByScopeSchema, parametersShape, writesSchema } from './scope-schema.ts';

const ruleId = textLike(
  `^${ruleReference}$`,
  'a rule such as AKV002 or purge-protection',
  'The id or the name of a rule.',
);

/** The keys that say which Azure is asked, and how long it is waited for. */
const connectionKeys: Readonly<Record<string, JsonSchema>> = {
  cloud: { enum: clouds, description: 'The Azure cloud to scan.' },
  tenant: textLike(
    guidPattern,
    'the id of a tenant, which "az account list" shows as tenantId',
    'The tenant to sign in to, by its id; in another, nothing is read.',
  ),
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

const severities: JsonSchema = {
  type: 'object',
  description: 'Overrides of severities, by rule.',
  propertyNames: { pattern: ruleId['pattern'], patternErrorMessage: ruleId['patternErrorMessage'] },
  additionalProperties: severitySchema,
};

const extendsSchema = nonEmptyListOf(
  textUnlike(
    String.raw`^([/\\~]|[A-Za-z][A-Za-z0-9+.-]*:|\s*$)`,
    'a path relative to this file, such as ../policies/purgeproof.yaml; nothing is fetched',
    'A configuration file, or a folder with a purgeproof.yaml.',
  ),
  'Configurations that this one is laid over, each over the one before it.',
);

/** The schema of a configuration file, as published and as checked; `formats` are the names of report formats. */
export function configSchema(formats: readonly string[]): JsonSchema {
  return {
    $schema: dialect,
    title: 'purgeproof configuration',
    ...objectOf(
      {
        $schema: schemaKey('config'),
        extends: extendsSchema,
        ...targetKeys,
        policies: texts('Files and folders with your own rules.'),
        defaultPolicies: { type: 'boolean', description: 'False leaves the built-in rules out.' },
        rules: nonEmptyListOf(ruleId, 'Only these rules are evaluated.'),
        excludeRules: nonEmptyListOf(ruleId, 'These rules are skipped.'),
        frameworks: nonEmptyListOf(
          someText('The name of a framework, such as CIS-Azure-6.0.'),
          'Only rules that serve controls of these frameworks are evaluated; reports have a verdict for each control.',
        ),
        parameters: parametersShape(
          'Parameter values: by name for every rule that has the parameter, or under one rule.',
        ),
        parametersByScope: parametersByScopeSchema,
        severities,
        exemptions: someText('The exemptions file: accepted risks.'),
        azureExemptions: {
          type: 'boolean',
          description: 'True: the exemptions of Azure Policy count as well; they are read from Azure.',
        },
        ...resultKeys,
        includeCompliant: { type: 'boolean', description: 'True: reports also list compliant verdicts.' },
        ...connectionKeys,
        output: nonEmptyListOf(
          textLike(
            `^(${formats.join('|')})(=.+)?$`,
            'FORMAT or FORMAT=PATH with a format such as table, json, sarif or markdown',
            'A report.',
          ),
          'Reports to write: FORMAT for standard output, FORMAT=PATH for a file.',
        ),
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
        writes: writesSchema,
      },
      [],
      'What is scanned and how. Paths are relative to this file; flags override it.',
    ),
  };
}

/** The keys that decide what a scan is compared with and kept in, and what the exit code is. */
const resultKeys: Readonly<Record<string, JsonSchema>> = {
  baseline: someText('The JSON report of an earlier scan, to compare with.'),
  archive: someText('The folder of an archive, to which each scan is added.'),
  failOn: { ...severitySchema, description: 'The lowest severity that results in exit code 1.' },
  failOnNew: {
    type: 'boolean',
    description: 'True: only findings that are new or worse since the baseline result in exit code 1.',
  },
  allowIncomplete: {
    type: 'boolean',
    description: 'True: an incomplete scan may still exit with 0 or 1.',
  },
};

/** The keys that say what is scanned. */
const targetKeys: Readonly<Record<string, JsonSchema>> = {
  subscriptions: texts('Subscriptions to scan, by id or name.'),
  managementGroups: texts('Management groups to scan, by id.'),
  resourceGroups: texts('Only these resource groups, by name or id; * stands for any characters.'),
  vaults: texts('Only these vaults and managed HSMs, by name or id; * stands for any characters.'),
  tags: nonEmptyListOf(
    textLike(tagPattern, 'NAME=VALUE or NAME', 'A tag.'),
    'Only what has these tags; values of one name are alternatives.',
  ),
  inventory: someText('A file to scan instead of Azure.'),
  inventoryComplete: {
    type: 'boolean',
    description:
      'True: the inventory is whole, even where a bare list in it has exactly 100 or 1,000 rows, as a page has.',
  },
  include: nonEmptyListOf(
    { enum: [...includableParts] },
    'What is scanned in addition; it is read from Azure.',
  ),
};

function texts(description: string): JsonSchema {
  return nonEmptyListOf(someText('A name or a path.'), description);
}
