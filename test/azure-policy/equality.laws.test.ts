import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { runs } from '../runs.ts';
import { shippedRules } from '../shipped-rules.ts';
import { tenantWith, readBoth } from '../usecases/both-reads.ts';
import { subscriptionId } from '../build.ts';
import { about, definitionOf, hsms, resourceOf, ruleOf, vaults } from './policies.ts';
import { bodies } from './vault-bodies.ts';

const alias = (name: string, type = vaults): string => `${type}/${name}`;
const days = { minimumRetentionDays: { type: 'Integer', defaultValue: 90 } };
const tooShort = (type: string): Json => ({
  allOf: [
    { field: alias('softDeleteRetentionInDays', type), exists: true },
    { field: alias('softDeleteRetentionInDays', type), less: "[parameters('minimumRetentionDays')]" },
  ],
});
const purges = (kind: string): Json => ({
  not: { field: alias(`accessPolicies[*].permissions.${kind}[*]`), notEquals: 'purge' },
});

/** The shipped rules, as an author of Azure Policy would write what does not comply. */
const written: Readonly<Record<string, Json>> = {
  AKV001: definitionOf(about(vaults, { field: alias('enableSoftDelete'), equals: 'false' })),
  AKV002: definitionOf(about(vaults, { field: alias('enablePurgeProtection'), notEquals: 'true' })),
  AKV003: definitionOf(about(vaults, tooShort(vaults)), { parameters: days }),
  AKV004: definitionOf(about(vaults, { field: alias('enableRbacAuthorization'), notEquals: true })),
  AKV005: definitionOf(
    about(
      vaults,
      { field: alias('enableRbacAuthorization'), notEquals: true },
      {
        count: {
          field: alias('accessPolicies[*]'),
          where: { anyOf: ['keys', 'secrets', 'certificates', 'storage'].map(purges) },
        },
        greater: 0,
      },
    ),
  ),
  AKV006: definitionOf(
    about(
      vaults,
      { field: alias('publicNetworkAccess'), notIn: ['Disabled', 'SecuredByPerimeter'] },
      { field: alias('networkAcls.defaultAction'), notEquals: 'Deny' },
    ),
  ),
  AKV007: definitionOf(
    about(vaults, {
      count: {
        field: alias('privateEndpointConnections[*]'),
        where: {
          field: alias('privateEndpointConnections[*].privateLinkServiceConnectionState.status'),
          equals: 'Approved',
        },
      },
      equals: 0,
    }),
  ),
  AKV101: definitionOf(about(hsms, { field: alias('enablePurgeProtection', hsms), notEquals: true })),
  AKV102: definitionOf(about(hsms, tooShort(hsms)), { parameters: days }),
};

const gaps = fc.constantFrom<readonly string[]>(
  [],
  [],
  ['properties'],
  ['properties.enableSoftDelete'],
  ['properties.accessPolicies'],
);

describe('a shipped rule and the definition that says the same give the same verdicts', () => {
  test.for(Object.entries(written))('%s', ([id, definition]) => {
    const [own] = shippedRules([id]);
    const policy = compileRule(ruleOf(definition), {});
    if (own === undefined) throw new Error(`there is no rule ${id}`);
    const seen = new Set<string>();
    fc.assert(
      fc.property(bodies, gaps, (body, unread) => {
        const resource = resourceOf(body, unread);
        expect(policy.appliesTo(resource.type)).toBe(own.appliesTo(resource.type));
        if (!own.appliesTo(resource.type)) return;
        const [mine, theirs] = [judge(own, resource), judge(policy, resource)];
        seen.add(theirs);
        // What a rule leaves out by `when`, a definition takes for compliant.
        expect(theirs).toBe(mine === 'notApplicable' ? 'compliant' : mine);
      }),
      { numRuns: Math.max(300, runs(4000)) },
    );
    expect([...seen].toSorted()).toEqual(['compliant', 'nonCompliant', 'unknown']);
  });

  test('unset soft delete differs until treatUnsetAs says what the built-in definition says', () => {
    const definition = definitionOf(
      about(vaults, {
        anyOf: [
          { field: alias('enableSoftDelete'), equals: 'false' },
          { field: alias('enableSoftDelete'), exists: 'false' },
        ],
      }),
    );
    const policy = compileRule(ruleOf(definition), {});
    const unset = resourceOf({ properties: {} });
    const [usual, strict] = [{}, { treatUnsetAs: 'nonCompliant' }].map(
      (parameters) => shippedRules(['AKV001'], parameters)[0],
    );
    if (usual === undefined || strict === undefined) throw new Error('there is no AKV001');
    expect([judge(policy, unset), judge(usual, unset), judge(strict, unset)]).toEqual([
      'nonCompliant',
      'compliant',
      'nonCompliant',
    ]);
    fc.assert(
      fc.property(bodies, (body) => {
        const resource = resourceOf({ ...body, type: vaults });
        expect(judge(strict, resource)).toBe(judge(policy, resource));
      }),
      { numRuns: Math.max(300, runs(4000)) },
    );
  });
});

test('a pushed-down scan by definitions finds what a full one finds', async () => {
  const computed = [
    about(vaults, { value: "[less(length(field('tags')), 2)]", equals: true }),
    about(vaults, {
      count: {
        field: alias('networkAcls.ipRules[*]'),
        where: {
          value: `[ipRangeContains('10.0.0.0/8', current('${alias('networkAcls.ipRules[*].value')}'))]`,
          equals: true,
        },
      },
      greater: 0,
    }),
    about(vaults, {
      count: {
        field: alias('networkAcls.ipRules[*]'),
        where: {
          allOf: [
            { field: 'tags.env', equals: 'prod' },
            { field: alias('networkAcls.ipRules[*].value'), like: '10.*' },
          ],
        },
      },
      greaterOrEquals: 1,
    }),
    about(vaults, {
      count: { value: ['kv-1', 'kv-2'], name: 'name', where: { field: 'name', equals: "[current('name')]" } },
      equals: 0,
    }),
    {
      allOf: [
        { field: 'type', in: [vaults, hsms] },
        { field: alias('enablePurgeProtection'), notEquals: true },
      ],
    },
  ].map((condition) => definitionOf(condition));
  const rules = [...Object.values(written), ...computed].map((definition, index) =>
    compileRule({ ...ruleOf(definition), id: `policy-${index}` }, {}),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bodies, { minLength: 10, maxLength: 20 }), async (some) => {
      const resources = some.map((body, index) => ({
        ...body,
        name: `kv-${index}`,
        id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/${body.type}/kv-${index}`,
        location: 'westeurope',
      }));
      const [full, filtered] = await readBoth(tenantWith(resources), rules);
      expect(filtered).toEqual(full);
    }),
    { numRuns: runs(60) },
  );
});
