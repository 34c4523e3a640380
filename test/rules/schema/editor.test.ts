import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
import { parse } from 'yaml';
import { shippedRuleFiles } from '../../../src/files/shipped-rules.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { resourceTypes } from '../../../src/resource-types/index.ts';
import { fieldNames } from '../../../src/rules/catalogue/canonical-field.ts';
import { fixture, fixtureNames } from '../load/fixtures.ts';

/** What an editor of Microsoft's, or one that uses its language service, marks in a rule file: text and message. */
async function marksIn(rule: Json): Promise<readonly string[]> {
  const document = TextDocument.create('file:///rule.json', 'json', 1, JSON.stringify(rule));
  const marks = await service.doValidation(document, service.parseJSONDocument(document));
  return marks.map(
    ({ range, message }) =>
      `${document.getText(range)}: ${typeof message === 'string' ? message : message.value}`,
  );
}

const schemaText = readFileSync(join(import.meta.dirname, '../../../schemas/rule.schema.json'), 'utf8');
// A rule that names its schema has it fetched: whatever the name, this is it.
const service = getLanguageService({ schemaRequestService: async () => schemaText });
service.configure({
  validate: true,
  schemas: [
    { uri: 'https://rules.example/rule.schema.json', fileMatch: ['*'], schema: JSON.parse(schemaText) },
  ],
});

function ruleThat(require: JsonObject, resourceType: Json = 'Microsoft.KeyVault/vaults'): JsonObject {
  return {
    id: 'ORG001',
    name: 'a-rule',
    title: 'T',
    severity: 'high',
    resourceType,
    description: 'D',
    require,
  };
}

describe('an editor', () => {
  test.for<[what: string, require: JsonObject, marks: readonly string[]]>([
    [
      'a misspelt field',
      { field: 'properties.enablePurgeProtecton', equals: true },
      ['"properties.enablePurgeProtecton": This is no field of Microsoft.KeyVault/vaults, nor a tag.'],
    ],
    [
      'a field of another type',
      { field: 'properties.attributes.recoveryLevel', equals: 'Purgeable' },
      ['"properties.attributes.recoveryLevel": This is no field of Microsoft.KeyVault/vaults, nor a tag.'],
    ],
    [
      'an element by its number',
      { not: { anyOf: [{ field: 'properties.accessPolicies[0].objectId', exists: true }] } },
      [
        '"properties.accessPolicies[0].objectId": One element is named by number; [*] stands for every element.',
      ],
    ],
    [
      'a misspelt field in a count',
      {
        count: {
          field: 'properties.accessPolicies[*]',
          where: { field: 'properties.accessPolicies[*].objectID2', exists: true },
        },
        equals: 0,
      },
      ['"properties.accessPolicies[*].objectID2": This is no field of Microsoft.KeyVault/vaults, nor a tag.'],
    ],
    ['a misspelt operator', { field: 'name', equal: 'kv' }, ['"equal": Property equal is not allowed.']],
    [
      'a regular expression',
      { field: 'name', like: '^kv-*' },
      ['"^kv-*": a pattern rather than a regular expression (* is any run of characters)'],
    ],
    ['nothing in tags', { field: "tags['cost center']", exists: true }, []],
    [
      'nothing in another letter case',
      { field: 'MICROSOFT.KeyVault/Vaults/enablesoftdelete', equals: true },
      [],
    ],
  ])('marks %s', async ([, require, marks]) => {
    expect(await marksIn(ruleThat(require))).toEqual(marks);
  });

  test.for(resourceTypes.map((type) => [type.type, type] as const))(
    'accepts every name of a field of %s',
    async ([name, type]) => {
      const names = fieldNames(type);
      expect(names.length).toBeGreaterThan(10);
      const rule = ruleThat({ allOf: names.map((field) => ({ field, exists: true })) }, name.toUpperCase());
      expect(await marksIn(rule)).toEqual([]);
    },
  );

  test('accepts the fields of each of several types, and any field of a type that is not known', async () => {
    const either = ruleThat({ field: 'properties.enableRbacAuthorization', equals: true }, [
      'Microsoft.KeyVault/vaults',
      'Microsoft.KeyVault/managedHSMs',
    ]);
    const unknown = ruleThat({ field: 'properties.anything', equals: true }, 'Microsoft.Sql/servers');
    expect([...(await marksIn(either)), ...(await marksIn(unknown))]).toEqual([]);
  });

  test('marks nothing in the rules that ship, nor in those that the loader takes', async () => {
    const shipped = shippedRuleFiles();
    const taken = fixtureNames('policies/valid').map((name) => fixture('policies/valid', name));
    expect(shipped.length).toBeGreaterThan(9);
    for (const { file, bytes } of [...shipped, ...taken]) {
      expect([file, await marksIn(parse(new TextDecoder().decode(bytes)))]).toEqual([file, []]);
    }
  });
});
