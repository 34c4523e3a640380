import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { runs } from '../runs.ts';
import {
  agrees,
  verdictsOfFolder,
  verdictsOfLive,
  verdictsOfPlan,
  verdictsOfTemplate,
} from './declared-verdicts.ts';

/** A value of a property: how it is written, and what it is once the parameters have values. */
interface Written {
  /** As an expression of the language. */
  readonly text: string;
  readonly value: (parameters: JsonObject) => Json;
  /** The parameters without a default that it needs, each with a value that it may be given. */
  readonly parameters: JsonObject;
}

const flags = [true, false, null];
const domains: Readonly<Record<string, readonly Json[]>> = {
  enableSoftDelete: flags,
  enablePurgeProtection: flags,
  softDeleteRetentionInDays: [7, 30, 90, null],
  enableRbacAuthorization: flags,
  publicNetworkAccess: ['Enabled', 'Disabled', 'SecuredByPerimeter', null],
  networkAcls: [
    null,
    { bypass: 'None', defaultAction: 'Deny' },
    { bypass: 'AzureServices', defaultAction: 'Allow' },
    { defaultAction: 'Deny' },
    {},
  ],
  accessPolicies: [
    [],
    [{ objectId: 'a', tenantId: 't', permissions: { keys: ['get', 'purge'] } }],
    [{ objectId: 'a', tenantId: 't', permissions: { keys: ['all'], secrets: ['get'] } }],
  ],
  createMode: ['default', 'recover', null],
};

/** The spelling of a language: of a literal, a parameter, a choice, and the first of several that is set. */
interface Spelling {
  readonly literal: (value: Json) => string;
  readonly parameter: (name: string) => string;
  readonly choice: (condition: string, yes: string, no: string) => string;
  readonly firstSet: (one: string, other: string) => string;
}

const arm: Spelling = {
  literal: armLiteral,
  parameter: (name) => `parameters('${name}')`,
  choice: (condition, yes, no) => `if(${condition}, ${yes}, ${no})`,
  firstSet: (one, other) => `coalesce(${one}, ${other})`,
};

function armLiteral(value: Json): string {
  if (value === null) return 'null()';
  if (typeof value === 'boolean') return `${value}()`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `createArray(${value.map(armLiteral).join(', ')})`;
  const members = Object.entries(value).map(([key, member]) => `'${key}', ${armLiteral(member ?? null)}`);
  return `createObject(${members.join(', ')})`;
}

const hcl: Spelling = {
  literal: (value) => JSON.stringify(value),
  parameter: (name) => `var.${name}`,
  choice: (condition, yes, no) => `${condition} ? ${yes} : ${no}`,
  firstSet: (one, other) => `coalesce(${one}, ${other})`,
};

/** The ways to write a value of a domain. */
function written(name: string, domain: readonly Json[], spelling: Spelling): fc.Arbitrary<Written> {
  const any = fc.constantFrom(...domain);
  const literal = any.map((value): Written => {
    return { text: spelling.literal(value), value: () => value, parameters: {} };
  });
  const parameter = any.map((value): Written => {
    const own = `${name}Given`;
    return {
      text: spelling.parameter(own),
      value: (given) => given[own] ?? null,
      parameters: { [own]: value },
    };
  });
  const part = fc.oneof(literal, parameter);
  const choice = fc.tuple(fc.boolean(), part, part).map(([on, yes, no]): Written => {
    const own = `${name}On`;
    return {
      text: spelling.choice(spelling.parameter(own), yes.text, no.text),
      value: (given) => (given[own] === true ? yes : no).value(given),
      parameters: { ...yes.parameters, ...no.parameters, [own]: on },
    };
  });
  // Without a value there is an error instead of a deployment.
  const set = fc.constantFrom(...domain.filter((value) => value !== null && value !== ''));
  const firstSet = fc.tuple(part, set).map(([one, other]): Written => ({
    text: spelling.firstSet(one.text, spelling.literal(other)),
    value: (given) => one.value(given) ?? other,
    parameters: one.parameters,
  }));
  return fc.oneof(literal, parameter, choice, firstSet);
}

type Properties = Readonly<Record<string, Written | undefined>>;

function propertiesOf(names: readonly string[], spelling: Spelling): fc.Arbitrary<Properties> {
  const record = Object.fromEntries(
    names.map((name) => [name, written(name, domains[name] ?? [], spelling)]),
  );
  return fc.record(record, { requiredKeys: [] });
}

function givenTo(properties: Properties): JsonObject {
  return Object.assign({}, ...writtenIn(properties).map(([, { parameters }]) => parameters));
}

function valuesOf(properties: Properties, given: JsonObject): JsonObject {
  return Object.fromEntries(writtenIn(properties).map(([name, { value }]) => [name, value(given)]));
}

function writtenIn(properties: Properties): readonly (readonly [string, Written])[] {
  return Object.entries(properties).flatMap(([name, one]) =>
    one === undefined ? [] : [[name, one] as const],
  );
}

function templateOf(properties: Json, parameters: JsonObject): Json {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { type: 'object' }])),
    resources: [
      {
        type: 'Microsoft.KeyVault/vaults',
        apiVersion: '2023-07-01',
        name: 'kv-law',
        location: 'westeurope',
        properties,
      },
    ],
  };
}

/** A vault that is recovered keeps what it had: nothing that is written for it says anything. */
function isRecovered({ createMode }: JsonObject): boolean {
  return createMode === 'recover';
}

describe('whatever is given to what is not known, a verdict that is certain is right', () => {
  test('ARM templates', () => {
    const names = Object.keys(domains);
    fc.assert(
      fc.property(propertiesOf(names, arm), (properties) => {
        const given = givenTo(properties);
        const template = templateOf(
          Object.fromEntries(writtenIn(properties).map(([name, { text }]) => [name, `[${text}]`])),
          given,
        );
        const values = valuesOf(properties, given);
        const [open, ...others] = verdictsOfTemplate(template);
        expect(others).toEqual([]);
        if (isRecovered(values)) return;
        const right = verdictsOfLive(values);
        expect(verdictsOfTemplate(template, given)).toEqual([right]);
        expect(agrees(open, right)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  test('objects that are united with something unknown', () => {
    const objects = fc.record(
      Object.fromEntries(Object.entries(domains).map(([name, domain]) => [name, fc.constantFrom(...domain)])),
      { requiredKeys: [] },
    );
    const withoutNull = objects.map((object) =>
      Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)),
    );
    fc.assert(
      fc.property(withoutNull, withoutNull, fc.boolean(), (one, other, isFirst) => {
        const [before, after] = isFirst
          ? ["parameters('extra')", armLiteral(one)]
          : [armLiteral(one), "parameters('extra')"];
        const template = templateOf(`[union(${before}, ${after})]`, { extra: other });
        const united = isFirst ? unite(other, one) : unite(one, other);
        if (isRecovered(united)) return;
        const right = verdictsOfLive(united);
        expect(verdictsOfTemplate(template, { extra: other })).toEqual([right]);
        expect(agrees(verdictsOfTemplate(template)[0], right)).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  test('Terraform', () => {
    const names = ['enablePurgeProtection', 'softDeleteRetentionInDays', 'enableRbacAuthorization'];
    const argumentsOf: Readonly<Record<string, string>> = {
      enablePurgeProtection: 'purge_protection_enabled',
      softDeleteRetentionInDays: 'soft_delete_retention_days',
      enableRbacAuthorization: 'rbac_authorization_enabled',
    };
    fc.assert(
      fc.property(propertiesOf(names, hcl), (properties) => {
        const given = givenTo(properties);
        const variables = Object.keys(given).map((name) => `variable "${name}" {}\n`);
        const lines = writtenIn(properties).map(([name, { text }]) => `  ${argumentsOf[name]} = ${text}\n`);
        const main = `${variables.join('')}resource "azurerm_key_vault" "v" {\n  name = "kv-law"\n${lines.join('')}}\n`;
        const values = Object.entries(given).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
        const right = verdictsOfLive(valuesOf(properties, given));
        const files = { 'main.tf': main, 'terraform.tfvars': values.join('') };
        expect(agrees(verdictsOfFolder(files)[0], right)).toBe(true);
        expect(agrees(verdictsOfFolder({ 'main.tf': main })[0], right)).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  test('plans', () => {
    const after = fc.record({
      purge_protection_enabled: fc.constantFrom(true, false, null),
      soft_delete_retention_days: fc.constantFrom(7, 30, 90),
      public_network_access_enabled: fc.boolean(),
      rbac_authorization_enabled: fc.constantFrom(true, false),
      network_acls: fc.constantFrom<Json>([], [{ bypass: 'None', default_action: 'Deny', ip_rules: [] }]),
      access_policy: fc.constantFrom<Json>([], [{ object_id: 'a', key_permissions: ['Purge'] }]),
    });
    const marks = fc.array(fc.constantFrom(...Object.keys(domainsOfPlan)), { maxLength: 4 });
    fc.assert(
      fc.property(
        after,
        marks,
        fc.constantFrom('after_unknown', 'after_sensitive'),
        (values, marked, kind) => {
          const whole = verdictsOfPlan(planOf(values, {})).verdicts[0];
          const hidden = Object.fromEntries(marked.map((name) => [name, true]));
          const shown = Object.entries(values).filter(
            ([name]) => kind === 'after_sensitive' || !(name in hidden),
          );
          const partial = verdictsOfPlan(planOf(Object.fromEntries(shown), { [kind]: hidden })).verdicts[0];
          expect(agrees(partial, whole ?? {})).toBe(true);
          expect(Object.values(whole ?? {})).not.toContain('unknown');
        },
      ),
      { numRuns: runs(300) },
    );
  });
});

const domainsOfPlan = {
  purge_protection_enabled: true,
  soft_delete_retention_days: true,
  public_network_access_enabled: true,
  rbac_authorization_enabled: true,
  network_acls: true,
  access_policy: true,
};

function planOf(after: JsonObject, marks: JsonObject): Json {
  const change = { actions: ['create'], before: null, after: { name: 'kv-law', ...after }, ...marks };
  return {
    format_version: '1.2',
    resource_changes: [
      { address: 'azurerm_key_vault.v', mode: 'managed', type: 'azurerm_key_vault', name: 'v', change },
    ],
  };
}

/** ARM's `union`: of objects inside of objects as well, and of lists without repetition. */
function unite(one: JsonObject, other: JsonObject): JsonObject {
  const united: Record<string, Json | undefined> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = united[name];
    united[name] = isJsonObject(before) && isJsonObject(value) ? unite(before, value) : value;
  }
  return united;
}
