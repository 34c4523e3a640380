import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guidOf } from '../../emulator/index.ts';
import { exportExemptions } from '../../src/azure-policy/export-exemptions.ts';
import type { Exemption } from '../../src/model/exemption.ts';
import { hostileTexts } from '../reporters/hostile.ts';
import { runs } from '../runs.ts';

/**
 * The facts of the type of Azure about which members there are, and what they take. Sources: the schema of the template reference
 * (Azure/azure-resource-manager-schemas, 2022-07-01-preview/Microsoft.Authorization.json), where nothing else is written back;
 * the names that azure-cli 2.91.0 takes (`policy exemption create`); the lengths that Azure refuses beyond, which it counts in
 * units of UTF-16 as .NET does: 64, 128 and 512.
 */
const azureSchema = {
  type: 'object',
  required: ['name', 'type', 'apiVersion', 'properties'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^/.+/providers/Microsoft\\.Authorization/policyExemptions/[^/]+$' },
    name: { type: 'string', pattern: '^[^<>%&:\\\\?/]*[^<>%&:\\\\?/ ]+$' },
    type: { const: 'Microsoft.Authorization/policyExemptions' },
    apiVersion: { const: '2022-07-01-preview' },
    properties: {
      type: 'object',
      required: ['policyAssignmentId', 'exemptionCategory'],
      additionalProperties: false,
      properties: {
        policyAssignmentId: { type: 'string' },
        policyDefinitionReferenceIds: { type: 'array', items: { type: 'string' } },
        exemptionCategory: { enum: ['Waiver', 'Mitigated'] },
        expiresOn: {
          type: 'string',
          format: 'date-time',
          pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$',
        },
        displayName: { type: 'string' },
        description: { type: 'string' },
        metadata: { type: 'object' },
        resourceSelectors: { type: 'array' },
        assignmentScopeValidation: { enum: ['Default', 'DoNotValidate'] },
      },
    },
  },
};
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isAzures = ajv.compile(azureSchema);

const subscription = `/subscriptions/${guidOf('one')}`;
const assignments = '/providers/Microsoft.Authorization/policyAssignments';
const group = '/providers/Microsoft.Management/managementGroups/root';
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 700 }),
  fc.constantFrom(...hostileTexts.map(([, hostile]) => hostile)),
  fc.constantFrom('😀'.repeat(128), '😀'.repeat(511), 'é'.repeat(513)),
);
const rule = fc.oneof(fc.constantFrom('*', 'AKV002'), fc.stringMatching(/^[A-Z][A-Z0-9-]{0,90}[0-9]$/));
const exemption: fc.Arbitrary<Exemption> = fc.record(
  {
    rule,
    scope: fc.constantFrom(
      { subscription: guidOf('one') },
      { managementGroup: 'root' },
      { subscription: guidOf('one'), resourceGroup: 'rg' },
      { resource: `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv` },
    ),
    category: fc.constantFrom('waiver', 'mitigated'),
    reason: text,
    owner: text,
    ticket: text,
    expiresOn: fc.constantFrom('2027-02-28', '2028-02-28', '2027-12-31', '9999-12-31', '9999-12-30'),
    location: fc.constant({ file: 'x.yaml', line: 1, column: 1 }),
  },
  { requiredKeys: ['rule', 'scope', 'category', 'reason', 'expiresOn', 'location'] },
);

describe('an exported exemption', () => {
  test('is what Azure takes, whatever it says', () => {
    fc.assert(
      fc.property(exemption, fc.boolean(), (one, isInitiative) => {
        const assignment = `${group}${assignments}/all`;
        const { exemptions, leftOut } = exportExemptions([one], {
          definitions: isInitiative
            ? new Map()
            : new Map([[one.rule === '*' ? 'AKV001' : one.rule, assignment]]),
          ...(isInitiative
            ? {
                initiative: {
                  assignment,
                  references: new Map([[one.rule === '*' ? 'AKV001' : one.rule, ['a', 'b']]]),
                },
              }
            : {}),
        });
        expect(leftOut).toEqual([]);
        const [exported] = exemptions;
        isAzures(exported);
        expect(isAzures.errors ?? []).toEqual([]);
        const { name, properties } = JSON.parse(JSON.stringify(exported));
        expect(exported?.['id']).toMatch(new RegExp(`/${name}$`));
        expect(name.length).toBeLessThanOrEqual(64);
        expect(properties.displayName.length).toBeLessThanOrEqual(128);
        expect(properties.description.length).toBeLessThanOrEqual(512);
        for (const shown of [properties.displayName, properties.description])
          expect(shown.isWellFormed()).toBe(true);
        // It ends no earlier than here, and no later than a day after.
        const end = Date.parse(properties.expiresOn) - Date.parse(`${one.expiresOn}T00:00:00Z`);
        expect(end).toBeGreaterThan(86_390_000);
        expect(end).toBeLessThanOrEqual(86_400_000);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('has a name of its own for each rule, however long their ids are', () => {
    const ids = ['A', 'B'].map((end) => `${'ORG-'.repeat(25)}${end}1`);
    const definitions = new Map(ids.map((id) => [id, `${subscription}${assignments}/${id}`]));
    const { exemptions } = exportExemptions(
      ids.map((id) => ({
        rule: id,
        scope: { subscription: guidOf('one') },
        category: 'waiver',
        reason: 'x',
        expiresOn: '2027-02-28',
        location: { file: 'x.yaml', line: 1, column: 1 },
      })),
      { definitions },
    );
    expect(new Set(exemptions.map(({ name }) => name)).size).toBe(2);
  });

  test('the schema is really asked', () => {
    for (const wrong of [{ exemptionCategory: 'waiver' }, { expiresOn: '2027-03-01' }, { owner: 'me' }]) {
      const properties = { policyAssignmentId: 'x', exemptionCategory: 'Waiver', ...wrong };
      const one = {
        name: 'a',
        type: azureSchema.properties.type.const,
        apiVersion: '2022-07-01-preview',
        properties,
      };
      expect(isAzures(one)).toBe(false);
    }
  });
});
