import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject, objectAt } from '../../src/model/json.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { hsms, loadPolicies, resourceOf, vaults } from './policies.ts';
import { bodies } from './vault-bodies.ts';

/**
 * Azure's own definitions, which are not part of this repository: a checkout of Azure/azure-policy, by the environment. What each
 * should find is written here by hand from its `if`.
 */
const checkout = process.env['PURGEPROOF_AZURE_POLICY'];

type Properties = JsonObject;

const says = (value: Json | undefined, word: string): boolean =>
  (typeof value === 'string' || typeof value === 'boolean') && String(value).toLowerCase() === word;
const isMissing = (value: Json | undefined): boolean => value === undefined || value === null;
const isOffOrMissing = (value: Json | undefined): boolean => isMissing(value) || says(value, 'false');
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const denies = (properties: Properties): boolean =>
  says(objectAt(properties, 'networkAcls')['defaultAction'], 'deny');
const approved = (properties: Properties): number =>
  listOf(properties['privateEndpointConnections']).filter(
    (one) =>
      isJsonObject(one) &&
      says(objectAt(objectAt(one, 'properties'), 'privateLinkServiceConnectionState')['status'], 'approved'),
  ).length;
const isPublic = ({ publicNetworkAccess }: Properties): boolean => !says(publicNetworkAccess, 'disabled');

interface Finds {
  readonly type: string;
  /** True where a resource that is being recovered is left out. */
  readonly leavesRecovery: boolean;
  readonly finds: (properties: Properties) => boolean;
}

const ofVaults = (finds: Finds['finds'], leavesRecovery = true): Finds => ({
  type: vaults,
  leavesRecovery,
  finds,
});
const ofHsms = (finds: Finds['finds'], leavesRecovery = false): Finds => ({
  type: hsms,
  leavesRecovery,
  finds,
});

const definitions: Readonly<Record<string, Finds>> = {
  '1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d': ofVaults((p) => isOffOrMissing(p['enableSoftDelete'])),
  '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53': ofVaults(
    (p) => says(p['enableSoftDelete'], 'false') || isOffOrMissing(p['enablePurgeProtection']),
  ),
  'c39ba22d-4428-4149-b981-70acb31fc383': ofHsms(
    (p) => !says(p['enableSoftDelete'], 'true') || !says(p['enablePurgeProtection'], 'true'),
  ),
  '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5': ofVaults((p) => isOffOrMissing(p['enableRbacAuthorization'])),
  '55615ac9-af46-4a59-874e-391cc3dfb490': ofVaults((p) => !denies(p) && isPublic(p)),
  '405c5871-3e91-4644-8a63-58e19d68ff5b': ofVaults(isPublic),
  'a6abeaec-4d90-4a02-805f-6b26c4d3fbe9': ofVaults((p) => approved(p) === 0, false),
  '5f0bc445-3935-4915-9981-011aa2b46147': ofVaults(
    (p) => listOf(p['privateEndpointConnections']).length === 0,
    false,
  ),
  '19ea9d63-adee-4431-a95e-1913c6c1c75f': ofHsms((p) => !denies(p), true),
  '59fee2f4-d439-4f1b-9b9a-982e1474bfd8': ofHsms((p) => approved(p) === 0),
};

function read(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe.skipIf(checkout === undefined)("Azure's own definitions for Key Vault", () => {
  const files =
    checkout === undefined ? {} : read(join(checkout, 'built-in-policies/policyDefinitions/Key Vault'));
  const { rules, problems } = loadPolicies(files);
  const judged = rules.filter(({ policy }) => policy?.notEvaluated === undefined);

  test('all are read, and those that judge are the ones that are known here', () => {
    expect(problems).toEqual([]);
    expect(judged.map(({ id }) => id).toSorted()).toEqual(Object.keys(definitions).toSorted());
  });

  test.for(Object.entries(definitions))(
    '%s finds what its text says',
    ([id, { type, leavesRecovery, finds }]) => {
      const rule = judged.find((one) => one.id === id);
      if (rule === undefined) throw new Error(`there is no definition ${id}`);
      const compiled = compileRule(rule, {});
      const modes = fc.constantFrom<Json | undefined>(undefined, null, 'default', 'recover');
      const seen = new Set<string>();
      fc.assert(
        fc.property(bodies, modes, (body, mode) => {
          const properties = {
            ...objectAt(body, 'properties'),
            ...(mode === undefined ? {} : { createMode: mode }),
          };
          const verdict = judge(compiled, resourceOf({ ...body, type, properties }));
          seen.add(verdict);
          const isLeft = leavesRecovery && mode === 'recover';
          expect(verdict).toBe(isLeft ? 'notApplicable' : finds(properties) ? 'nonCompliant' : 'compliant');
        }),
        { numRuns: 2000 },
      );
      expect(seen).toContain('compliant');
      expect(seen).toContain('nonCompliant');
    },
  );
});
