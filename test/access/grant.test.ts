import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grantOf } from '../../src/access/grant.ts';
import type { Permission } from '../../src/model/permission.ts';

const vaults = 'Microsoft.KeyVault/vaults/read';
const hsms = 'Microsoft.KeyVault/managedHSMs/read';

function role(actions: readonly string[], notActions: readonly string[] = []): Permission {
  return { actions, notActions };
}

const keyVaultReader = role([
  'Microsoft.Authorization/*/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
]);
const keyVaultContributor = role(
  ['Microsoft.Authorization/*/read', 'Microsoft.KeyVault/*'],
  [
    'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    'Microsoft.KeyVault/hsmPools/*',
    'Microsoft.KeyVault/managedHsms/*',
  ],
);
const contributor = role(['*'], ['Microsoft.Authorization/*/Write', 'Microsoft.Authorization/*/Delete']);

describe('what permissions grant', () => {
  test.for<[string, readonly Permission[], string, string]>([
    ['Owner', [role(['*'])], 'granted', 'granted'],
    ['Reader', [role(['*/read'])], 'granted', 'granted'],
    ['Contributor', [contributor], 'granted', 'granted'],
    ['Key Vault Reader', [keyVaultReader], 'arguable', 'notGranted'],
    ['Key Vault Contributor, in another letter case', [keyVaultContributor], 'granted', 'notGranted'],
    ['one provider', [role(['Microsoft.KeyVault/*/read'])], 'granted', 'granted'],
    ['one action, in another letter case', [role([vaults.toUpperCase()])], 'granted', 'notGranted'],
    ['a child type', [role(['Microsoft.KeyVault/vaults/secrets/read'])], 'notGranted', 'notGranted'],
    ['a name that begins alike', [role(['Microsoft.KeyVault/vaultsOld/read'])], 'notGranted', 'notGranted'],
    ['writing', [role(['Microsoft.KeyVault/vaults/write'])], 'notGranted', 'notGranted'],
    ['costs', [role(['Microsoft.CostManagement/*/read', 'Microsoft.Support/*'])], 'notGranted', 'notGranted'],
    ['read, less Key Vault', [role(['*/read'], ['Microsoft.KeyVault/*'])], 'notGranted', 'notGranted'],
    ['read, less vaults below', [role(['*/read'], ['*/vaults/*/read'])], 'notGranted', 'granted'],
    ['no roles', [], 'notGranted', 'notGranted'],
    ['an empty role', [role([])], 'notGranted', 'notGranted'],
    ['an empty pattern', [role([''])], 'notGranted', 'notGranted'],
  ])('%s', ([, permissions, vaultGrant, hsmGrant]) => {
    expect([grantOf(permissions, vaults), grantOf(permissions, hsms)]).toEqual([vaultGrant, hsmGrant]);
  });

  test('what one role takes away another one grants', () => {
    const narrowed = role(['*/read'], ['Microsoft.KeyVault/*']);
    expect(grantOf([narrowed, role([vaults])], vaults)).toBe('granted');
    expect(grantOf([narrowed, role([vaults])], hsms)).toBe('notGranted');
  });

  const pattern = fc.constantFrom(
    '*',
    '*/read',
    'Microsoft.KeyVault/*',
    vaults,
    hsms,
    '*/vaults/*',
    'x/*/read',
  );
  const anyRole = fc.record({ actions: fc.array(pattern), notActions: fc.array(pattern) });

  test('a role less grants no more, and an exception more grants no more', () => {
    const order = ['notGranted', 'arguable', 'granted'];
    const rank = (permissions: readonly Permission[]): number => order.indexOf(grantOf(permissions, vaults));
    fc.assert(
      fc.property(fc.array(anyRole, { minLength: 1 }), fc.nat(), pattern, (roles, at, exception) => {
        const index = at % roles.length;
        const narrowed = roles.map((one, place) =>
          place === index ? { ...one, notActions: [...one.notActions, exception] } : one,
        );
        expect(rank(roles.toSpliced(index, 1))).toBeLessThanOrEqual(rank(roles));
        expect(rank(narrowed)).toBeLessThanOrEqual(rank(roles));
      }),
    );
  });
});
