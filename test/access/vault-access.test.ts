import { describe, expect, test } from 'vitest';
import { type BuiltInRoleName, builtInRoles } from '../../emulator/rights/built-in-roles.ts';
import { toDenyAssignment, toRoleAssignment } from '../../src/access/authorization-rows.ts';
import { vaultAccess } from '../../src/access/vault-access.ts';
import type {
  DenyAssignment,
  PrincipalAccess,
  RoleAssignment,
  RoleDefinition,
  RolePatterns,
} from '../../src/model/access.ts';
import type { JsonObject } from '../../src/model/json.ts';

const subscription = '/subscriptions/5aaaaaaa-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg-pay`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-pay`;
const hsm = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-pay`;
const parent = '/providers/Microsoft.Management/managementGroups/production';
const root = '/providers/Microsoft.Management/managementGroups/root';
const alice = 'a11ce000-0000-4000-8000-000000000001';

function patterns(some: Partial<RolePatterns> = {}): RolePatterns {
  return { actions: [], notActions: [], dataActions: [], notDataActions: [], ...some };
}

function custom(...permissions: readonly Partial<RolePatterns>[]): RoleDefinition {
  return {
    id: 'c0000000-0000-4000-8000-000000000001',
    name: 'Custom',
    permissions: permissions.map((one) => Object.assign(patterns(one), { isConditional: false })),
  };
}

function builtIn(name: BuiltInRoleName): RoleDefinition {
  const { id, ...role } = builtInRoles[name];
  const isConditional = 'condition' in role;
  return { id, name, permissions: [{ ...patterns(role), isConditional }] };
}

function assigned(role: RoleDefinition, scope: string, rest: Partial<RoleAssignment> = {}): RoleAssignment {
  return {
    scope,
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    principalId: alice,
    principalType: 'User',
    isConditional: false,
    isEligible: false,
    ...rest,
  };
}

function deny(scope: string, rest: Partial<DenyAssignment> = {}): DenyAssignment {
  return {
    scope,
    permissions: [patterns({ actions: ['*'], dataActions: ['*'] })],
    principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
    excludedPrincipals: [],
    doesNotApplyToChildScopes: false,
    ...rest,
  };
}

interface Situation {
  readonly roles?: readonly (readonly [RoleDefinition, string, Partial<RoleAssignment>?])[];
  readonly denials?: readonly DenyAssignment[];
  readonly properties?: JsonObject;
  readonly id?: string;
}

const rbac = { enableRbacAuthorization: true };

function access({ roles = [], denials = [], properties = rbac, id = vault }: Situation) {
  return vaultAccess({
    definitions: roles.map(([role]) => role),
    assignments: roles.map(([role, scope, rest]) => assigned(role, scope, rest)),
    inSubscription: () => ({ scopesAbove: ['/', root, parent], denials }),
  })({ id, type: id.split('/').slice(6, 8).join('/'), properties });
}

/** What somebody may do, in a word: d to delete, p to purge the vault, o to purge objects; upper case under a condition. */
function told(principal: PrincipalAccess | undefined): string {
  if (principal === undefined) return '';
  const { canDelete, canPurgeVault, canPurgeObjects, conditional = [] } = principal;
  return [
    canDelete ? (conditional.includes('delete') ? 'D' : 'd') : '',
    canPurgeVault ? (conditional.includes('purgeVault') ? 'P' : 'p') : '',
    canPurgeObjects === true ? (conditional.includes('purgeObjects') ? 'O' : 'o') : '',
    canPurgeObjects === null ? '?' : '',
  ].join('');
}

function wordOf(situation: Situation): string {
  return told(access(situation).principals.find(({ id }) => id === alice));
}

describe('built-in roles, by actions', () => {
  // On a vault with RBAC, and on one with access policies, where data actions grant nothing.
  test.for<readonly [BuiltInRoleName, string, string, string]>([
    ['Owner', subscription, 'dp', 'dp'],
    ['Owner', group, 'd', 'd'],
    ['Owner', vault, 'd', 'd'],
    ['Owner', parent, 'dp', 'dp'],
    ['Owner', root, 'dp', 'dp'],
    ['Owner', '/', 'dp', 'dp'],
    ['Contributor', subscription, 'dp', 'dp'],
    ['Contributor', group, 'd', 'd'],
    ['Contributor', root, 'dp', 'dp'],
    ['Reader', root, '', ''],
    ['User Access Administrator', '/', '', ''],
    ['Role Based Access Control Administrator', subscription, '', ''],
    ['Key Vault Contributor', subscription, 'd', 'd'],
    ['Key Vault Contributor', vault, 'd', 'd'],
    ['Key Vault Purge Operator', subscription, 'p', 'p'],
    ['Key Vault Purge Operator', parent, 'p', 'p'],
    ['Key Vault Purge Operator', group, '', ''],
    ['Key Vault Purge Operator', vault, '', ''],
    ['Key Vault Administrator', subscription, 'o', ''],
    ['Key Vault Administrator', group, 'o', ''],
    ['Key Vault Administrator', vault, 'o', ''],
    ['Key Vault Secrets Officer', vault, 'o', ''],
    ['Key Vault Crypto Officer', vault, 'o', ''],
    ['Key Vault Certificates Officer', vault, 'o', ''],
    ['Key Vault Secrets Officer', `${vault}/secrets/db`, 'o', ''],
    ['Key Vault Secrets User', vault, '', ''],
    ['Key Vault Crypto User', vault, '', ''],
    ['Key Vault Certificate User', vault, '', ''],
    ['Key Vault Reader', root, '', ''],
    ['Key Vault Data Access Administrator', subscription, '', ''],
    ['Managed HSM contributor', subscription, '', ''],
  ])('%s at %s', ([name, scope, withRbac, withPolicies]) => {
    const roles = [[builtIn(name), scope]] as const;
    expect([wordOf({ roles }), wordOf({ roles, properties: {} })]).toEqual([withRbac, withPolicies]);
  });

  test.for<readonly [BuiltInRoleName, string, string]>([
    ['Owner', subscription, 'dp?'],
    ['Owner', group, 'd?'],
    ['Contributor', root, 'dp?'],
    ['Managed HSM contributor', subscription, 'dp?'],
    ['Managed HSM contributor', hsm, 'd?'],
    ['Key Vault Contributor', subscription, 'p?'],
    ['Key Vault Purge Operator', subscription, ''],
    ['Key Vault Administrator', hsm, ''],
  ])('%s at %s, on a managed HSM, whose local RBAC nobody sees', ([name, scope, word]) => {
    expect(wordOf({ roles: [[builtIn(name), scope]], id: hsm, properties: {} })).toBe(word);
  });
});

const purge = 'Microsoft.KeyVault/locations/deletedVaults/purge/action';

describe('custom roles', () => {
  test.for<readonly [string, RoleDefinition, string, string]>([
    ['one action', custom({ actions: [purge] }), subscription, 'p'],
    ['in another letter case', custom({ actions: [purge.toUpperCase()] }), subscription, 'p'],
    ['a wildcard at the end', custom({ actions: ['Microsoft.KeyVault/locations/*'] }), subscription, 'p'],
    ['a wildcard at the start', custom({ actions: ['*/purge/action'] }), subscription, 'p'],
    ['a wildcard in a name', custom({ actions: ['Microsoft.KeyVault/*/deletedVaults/*'] }), root, 'p'],
    [
      'a wildcard in the middle',
      custom({ actions: ['Microsoft.KeyVault/locations/*/purge/action'] }),
      root,
      'p',
    ],
    ['every action verb', custom({ actions: ['*/action'] }), subscription, 'p'],
    ['every deletion', custom({ actions: ['*/delete'] }), group, 'd'],
    ['of another provider', custom({ actions: ['Microsoft.Storage/*'] }), subscription, ''],
    ['notActions take the purge away', custom({ actions: ['*'], notActions: [purge] }), subscription, 'd'],
    ['notActions with a wildcard', custom({ actions: ['*'], notActions: ['*/purge/*'] }), subscription, 'd'],
    ['notActions take all away', custom({ actions: ['*'], notActions: ['*'] }), subscription, ''],
    ['notActions of something else', custom({ actions: ['*'], notActions: ['*/write'] }), subscription, 'dp'],
    ['data actions', custom({ dataActions: ['Microsoft.KeyVault/vaults/*'] }), vault, 'o'],
    ['data actions of everything', custom({ dataActions: ['*'] }), subscription, 'o'],
    ['one kind of object', custom({ dataActions: ['*/secrets/purge/action'] }), vault, 'o'],
    [
      'notDataActions take one kind away',
      custom({ dataActions: ['*'], notDataActions: ['*/secrets/purge/action'] }),
      vault,
      'o',
    ],
    [
      'notDataActions take every purge away',
      custom({ dataActions: ['*'], notDataActions: ['Microsoft.KeyVault/vaults/*/purge/action'] }),
      vault,
      '',
    ],
    ['notDataActions do not touch actions', custom({ actions: ['*'], notDataActions: ['*'] }), root, 'dp'],
    ['notActions do not touch data', custom({ dataActions: ['*'], notActions: ['*'] }), vault, 'o'],
    ['a data action among the actions', custom({ actions: ['*/secrets/purge/action'] }), vault, ''],
    ['an action among the data actions', custom({ dataActions: [purge] }), subscription, ''],
    [
      'what one permission takes away another grants',
      custom({ actions: ['*'], notActions: [purge] }, { actions: [purge] }),
      subscription,
      'dp',
    ],
    ['an arguable pattern counts', custom({ actions: ['Microsoft.KeyVault/vaults/*/delete'] }), group, 'd'],
    [
      'an arguable pattern takes nothing away',
      custom({ actions: ['*'], notActions: ['Microsoft.KeyVault/vaults/*/delete'] }),
      group,
      'd',
    ],
    ['nothing', custom({}), subscription, ''],
  ])('%s', ([, role, scope, word]) => {
    expect(wordOf({ roles: [[role, scope]] })).toBe(word);
  });

  test('rights add up over roles and scopes, and every way is told', () => {
    const roles = [
      [builtIn('Key Vault Contributor'), group],
      [builtIn('Key Vault Purge Operator'), parent],
      [builtIn('Key Vault Secrets Officer'), vault],
    ] as const;
    const [principal] = access({ roles }).principals;
    expect(told(principal)).toBe('dpo');
    expect(principal?.via.map(({ role, scope, grants }) => [role, scope, grants])).toEqual([
      ['Key Vault Purge Operator', parent, [purge]],
      ['Key Vault Contributor', group, ['Microsoft.KeyVault/vaults/delete']],
      ['Key Vault Secrets Officer', vault, ['Microsoft.KeyVault/vaults/secrets/purge/action']],
    ]);
  });
});

describe('scopes', () => {
  const contributor = builtIn('Key Vault Contributor');

  test.for<readonly [string, string, string]>([
    ['another vault', `${group}/providers/Microsoft.KeyVault/vaults/kv-pay2`, ''],
    ['a vault whose name begins alike', `${group}/providers/Microsoft.KeyVault/vaults/kv`, ''],
    ['another group', `${subscription}/resourceGroups/rg-pay2`, ''],
    ['another subscription', '/subscriptions/5aaaaaaa-0000-4000-8000-000000000002', ''],
    ['a management group elsewhere', '/providers/Microsoft.Management/managementGroups/sandbox', ''],
    ['in upper case', vault.toUpperCase(), 'd'],
    ['with a slash at the end', `${group}/`, 'd'],
    ['without one at the start', subscription.slice(1), 'd'],
  ])('%s', ([, scope, word]) => {
    expect(wordOf({ roles: [[contributor, scope]] })).toBe(word);
  });

  test('as Privileged Identity Management spells it, in what is assigned and denied', () => {
    const scope = `/providers/Microsoft.Subscription${subscription}`;
    const { roleDefinitionId, principalId } = assigned(contributor, scope);
    const assignment = toRoleAssignment({ properties: { scope, roleDefinitionId, principalId } });
    expect(assignment).toMatchObject({ scope: subscription });
    expect(wordOf({ roles: [[contributor, scope, assignment ?? {}]] })).toBe('d');
    const denial = toDenyAssignment({ properties: { scope, permissions: [], principals: [] } });
    expect(denial).toMatchObject([{ scope: subscription }]);
  });

  test('a role on a single object is about that object alone', () => {
    const owner = custom({ actions: ['*'], dataActions: ['*'] });
    expect(wordOf({ roles: [[owner, `${vault}/keys/k`]] })).toBe('o');
  });
});

describe('access policies', () => {
  test.for<readonly [string, JsonObject, string]>([
    [
      'all, which leaves purge out',
      { permissions: { keys: ['all'], secrets: ['all'], storage: ['all'] } },
      '',
    ],
    ['purge', { permissions: { secrets: ['get', 'purge'] } }, 'o'],
    ['PURGE', { permissions: { keys: ['PURGE'] } }, 'o'],
    ['Purge beside all', { permissions: { certificates: ['all', 'Purge'] } }, 'o'],
    ['purge of storage', { permissions: { storage: ['purge'] } }, 'o'],
    ['a word that holds purge', { permissions: { keys: ['purged'] } }, ''],
    ['recover', { permissions: { keys: ['recover', 'delete'] } }, ''],
    ['no permissions', {}, ''],
  ])('%s', ([, policy, word]) => {
    const accessPolicies = [{ objectId: alice.toUpperCase(), ...policy }];
    for (const enableRbacAuthorization of [undefined, null, false])
      expect(wordOf({ properties: { enableRbacAuthorization, accessPolicies } })).toBe(word);
    // Where RBAC is on, access policies are not in force.
    expect(wordOf({ properties: { enableRbacAuthorization: true, accessPolicies } })).toBe('');
  });

  test('they add to roles, and name the kinds of objects', () => {
    const accessPolicies = [
      { objectId: alice, permissions: { keys: ['purge'], secrets: ['purge'] } },
      { objectId: 'b0b', applicationId: 'app', permissions: { keys: ['purge'] } },
    ];
    const { permissionModel, principals } = access({
      roles: [[builtIn('Owner'), subscription]],
      properties: { accessPolicies },
    });
    expect(permissionModel).toBe('accessPolicy');
    expect(principals.map((one) => [one.id, one.type, told(one)])).toEqual([
      [alice, 'User', 'dpo'],
      ['b0b', 'Unknown', 'o'],
    ]);
    expect(principals.map(({ via }) => via.at(-1))).toEqual([
      { kind: 'accessPolicy', grants: ['keys/purge', 'secrets/purge'] },
      { kind: 'accessPolicy', applicationId: 'app', grants: ['keys/purge'] },
    ]);
  });
});

describe('deny assignments subtract what they deny for certain', () => {
  const somebody = { id: 'b0b', type: 'User' };
  const itself = { id: alice, type: 'User' };
  const team = { id: '7ea', type: 'Group' };

  test.for<readonly [string, DenyAssignment, string]>([
    ['of everything, for everybody', deny(subscription), ''],
    ['above', deny(root), ''],
    ['on the group: what is deleted has left it', deny(group), 'p'],
    ['on the vault', deny(vault), 'p'],
    ['on another group', deny(`${subscription}/resourceGroups/rg-other`), 'dpo'],
    ['on an object in it', deny(`${vault}/secrets/db`), 'dpo'],
    ['of the purge', deny(subscription, { permissions: [patterns({ actions: [purge] })] }), 'do'],
    ['of data', deny(vault, { permissions: [patterns({ dataActions: ['*/purge/action'] })] }), 'dp'],
    [
      'of all but the purge',
      deny(root, { permissions: [patterns({ actions: ['*'], notActions: [purge] })] }),
      'po',
    ],
    ['for the principal', deny(root, { principals: [itself] }), ''],
    ['for another one', deny(root, { principals: [somebody] }), 'dpo'],
    ['for a group, which may not hold it', deny(root, { principals: [team] }), 'dpo'],
    ['but for the principal', deny(root, { excludedPrincipals: [itself] }), 'dpo'],
    ['but for another one', deny(root, { excludedPrincipals: [somebody] }), ''],
    ['but for a group, which may hold it', deny(root, { excludedPrincipals: [team] }), 'dpo'],
    ['not for child scopes', deny(group, { doesNotApplyToChildScopes: true }), 'dpo'],
    ['not for child scopes, at the vault', deny(vault, { doesNotApplyToChildScopes: true }), 'p'],
    [
      'of what is arguable',
      deny(root, { permissions: [patterns({ actions: ['*/vaults/*/delete'] })] }),
      'dpo',
    ],
  ])('%s', ([, denial, word]) => {
    const all = custom({ actions: ['*'], dataActions: ['*'] });
    expect(wordOf({ roles: [[all, subscription]], denials: [denial] })).toBe(word);
  });

  test('a group keeps its rights where a member of it may be excluded', () => {
    const roles = [[builtIn('Owner'), subscription, { principalType: 'Group' }]] as const;
    expect(wordOf({ roles, denials: [deny(root)] })).toBe('');
    expect(wordOf({ roles, denials: [deny(root, { excludedPrincipals: [somebody] })] })).toBe('dp');
  });
});

describe('conditions and eligibility', () => {
  const owner = builtIn('Owner');

  test('under a condition a right is held, and told as conditional', () => {
    const roles = [[owner, subscription, { isConditional: true }]] as const;
    expect(wordOf({ roles })).toBe('DP');
    expect(access({ roles }).principals[0]?.via).toMatchObject([{ conditional: true }]);
  });

  test('it is not conditional where another assignment grants it without one', () => {
    const roles = [
      [owner, subscription, { isConditional: true }],
      [builtIn('Key Vault Contributor'), vault],
    ] as const;
    expect(wordOf({ roles })).toBe('dP');
  });

  test('a permission of a role may have a condition of its own', () => {
    const role: RoleDefinition = {
      ...custom(),
      permissions: [
        { ...patterns({ actions: ['*/delete'] }), isConditional: false },
        { ...patterns({ actions: ['*'] }), isConditional: true },
      ],
    };
    expect(wordOf({ roles: [[role, subscription]] })).toBe('dP');
  });

  test('what a principal is eligible for is listed, and not yet held', () => {
    const roles = [
      [owner, subscription, { isEligible: true }],
      [builtIn('Key Vault Contributor'), vault],
    ] as const;
    const [principal] = access({ roles }).principals;
    expect([told(principal), principal?.eligible]).toEqual(['d', ['purgeVault']]);
  });
});

describe('what is not known', () => {
  test('a role whose definition could not be read is named where it is assigned, and below', () => {
    const unread = assigned(custom(), subscription);
    const at = (id: string) =>
      vaultAccess({ definitions: [], assignments: [unread], inSubscription: () => ({ scopesAbove: [] }) })({
        id,
        type: 'Microsoft.KeyVault/vaults',
        properties: rbac,
      }).unresolved;
    expect(at(vault)).toEqual([unread.roleDefinitionId]);
    expect(at(vault.replace('0001', '0002'))).toEqual([]);
  });

  test('what is known of one subscription alone counts there alone', () => {
    const owner = builtIn('Owner');
    const assignments = [assigned(owner, root)];
    const answer = vaultAccess({
      definitions: [owner],
      assignments: [],
      inSubscription: (id) =>
        subscription.endsWith(id) ? { scopesAbove: [root], assignments } : { scopesAbove: [root] },
    });
    const type = 'Microsoft.KeyVault/vaults';
    const there = (id: string) => answer({ id, type, properties: rbac }).principals.map(told);
    expect([there(vault), there(vault.replace('0001', '0002'))]).toEqual([['dp'], []]);
  });

  test('places without assignments of their own share one answer', () => {
    const answer = vaultAccess({
      definitions: [builtIn('Owner')],
      assignments: [assigned(builtIn('Owner'), subscription)],
      inSubscription: () => ({ scopesAbove: [] }),
    });
    const type = 'Microsoft.KeyVault/vaults';
    const one = answer({ id: vault, type, properties: rbac }).principals;
    expect(answer({ id: vault.replace('rg-pay', 'rg-b'), type, properties: rbac }).principals).toBe(one);
  });
});
