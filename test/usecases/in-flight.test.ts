import { describe, expect, test } from 'vitest';
import { patchProperties } from '../../emulator/key-vault/properties.ts';
import { type JsonObject, objectAt } from '../../src/model/json.ts';
import { type Resource, propertiesOf } from '../../src/model/resource.ts';
import type { InFlight } from '../../src/model/journal.ts';
import { isInPlace, isOtherwiseUnchanged, stateOf } from '../../src/remediation/state.ts';
import { aVault } from '../build.ts';

const properties = {
  enableSoftDelete: true,
  accessPolicies: [{ objectId: 'o' }],
  networkAcls: { bypass: 'None', defaultAction: 'Allow', ipRules: [{ value: '10.0.0.1' }] },
  provisioningState: 'Succeeded',
};
const tags = { env: 'prod' };
const vault = tagged(aVault(properties), tags);

function tagged(resource: Resource, now: Readonly<Record<string, string>>): Resource {
  return { ...resource, tags: now, body: { ...resource.body, tags: now } };
}

/** The vault as the service leaves it after a request. */
function sent(body: JsonObject): Resource {
  const written = patchProperties(propertiesOf(vault), objectAt(body, 'properties'));
  if ('refusal' in written) throw new Error(written.refusal);
  const now = body['tags'] === undefined ? tags : { env: 'prod', owner: 'anna' };
  return tagged({ ...vault, body: { ...vault.body, properties: written.properties } }, now);
}

function changed(resource: Resource, change: JsonObject): Resource {
  return { ...resource, body: { ...resource.body, properties: { ...propertiesOf(resource), ...change } } };
}

describe.for<JsonObject>([
  { properties: { enablePurgeProtection: true } },
  { properties: { enableRbacAuthorization: true, publicNetworkAccess: 'Disabled' } },
  {
    properties: { networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [{ value: '10.0.0.1' }] } },
  },
  { tags: { env: 'prod', owner: 'anna' } },
  { tags: { env: 'prod', owner: 'anna' }, properties: { enablePurgeProtection: true } },
])('of the request %j', (body) => {
  const inFlight: InFlight = { before: stateOf(vault, body), body };

  test('the vault before it has nothing in place', () => {
    expect(isInPlace(inFlight, vault)).toBe(false);
  });

  test('the vault after it has, and nothing else is different', () => {
    for (const after of [
      sent(body),
      changed(sent(body), { provisioningState: 'Updating', createMode: null }),
    ]) {
      expect(isInPlace(inFlight, after)).toBe(true);
      expect(isOtherwiseUnchanged(inFlight, after)).toBe(true);
    }
  });

  test.for<JsonObject>([{ accessPolicies: [] }, { enabledForDeployment: true }, { enableSoftDelete: null }])(
    '%j beside it is a change of somebody else',
    (change) => {
      const after = changed(sent(body), change);
      expect(isInPlace(inFlight, after)).toBe(true);
      expect(isOtherwiseUnchanged(inFlight, after)).toBe(false);
    },
  );
});

test('tags that somebody else changed count where the step is about tags', () => {
  const body = { tags: { env: 'prod', owner: 'anna' } };
  const inFlight = { before: stateOf(vault, body), body: { properties: { enablePurgeProtection: true } } };
  const after = sent(inFlight.body);
  expect(isOtherwiseUnchanged(inFlight, after)).toBe(true);
  expect(isOtherwiseUnchanged(inFlight, tagged(after, { env: 'lab' }))).toBe(false);
});
