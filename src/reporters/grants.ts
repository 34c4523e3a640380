import type { Grants, PolicyGrant, RoleGrant } from '../model/grants.ts';
import type { JsonObject } from '../model/json.ts';
import type { ObjectType } from '../model/vault-plane.ts';
import { vault as vaultType } from '../resource-types/vault.ts';
import { asJson, type Format } from './format.ts';
import { roleDefinition } from './role.ts';
import { bicepComment, BicepName, bicepValue, type BicepValue } from './text/bicep.ts';
import { powershellWord, shellCommand } from './text/shell.ts';
import { terminalText } from './text/terminal.ts';

/** A format of the commands that grant rights. */
export type GrantsFormat = Format<Grants, unknown>;

/** The commands of a grant: to give the rights, and to take them back. */
interface Commands {
  readonly az: readonly (readonly string[])[];
  readonly powershell: readonly string[];
}

function scopeOf({ scope }: RoleGrant, { vault }: Grants): string {
  const subscription = `/subscriptions/${vault.subscriptionId}`;
  if (scope === 'subscription') return subscription;
  return scope === 'vault' ? vault.id : `${subscription}/resourceGroups/${vault.resourceGroup}`;
}

/** The place where a role is made: none can be made for a single vault. */
function placeOf(grant: RoleGrant, grants: Grants): string {
  return scopeOf(grant.scope === 'vault' ? { ...grant, scope: 'resourceGroup' } : grant, grants);
}

function roleBody(grant: RoleGrant, grants: Grants): JsonObject {
  const { roleName: name, description, rights } = grant;
  return roleDefinition({ name, description, rights, assignableScopes: [placeOf(grant, grants)] });
}

/**
 * A role for `New-AzRoleDefinition`: its newer versions refuse one without `Permissions`, and older ones know the lists alone.
 * Source: https://github.com/Azure/azure-powershell/pull/29060
 */
function roleForPowershell(grant: RoleGrant, grants: Grants): JsonObject {
  const { actions, dataActions } = grant.rights;
  const permission = {
    Actions: [...actions],
    NotActions: [],
    DataActions: [...dataActions],
    NotDataActions: [],
  };
  return { ...roleBody(grant, grants), Permissions: [permission] };
}

function givingRole(grant: RoleGrant, grants: Grants): Commands {
  const [scope, name] = [scopeOf(grant, grants), grant.roleName];
  const text = JSON.stringify(roleBody(grant, grants));
  const powershell = powershellWord(JSON.stringify(roleForPowershell(grant, grants)));
  const assignee = `--assignee-object-id=${grants.principalId}`;
  return {
    az: [
      ['az', 'role', 'definition', 'create', `--role-definition=${text}`],
      ['az', 'role', 'assignment', 'create', assignee, `--role=${name}`, `--scope=${scope}`],
    ],
    powershell: [
      `$file = New-TemporaryFile; Set-Content -LiteralPath $file -Encoding utf8 -Value ${powershell}`,
      'New-AzRoleDefinition -InputFile $file',
      `New-AzRoleAssignment ${assignment(grant, grants)}`,
    ],
  };
}

function takingRole(grant: RoleGrant, grants: Grants): Commands {
  const [scope, name, place] = [scopeOf(grant, grants), grant.roleName, placeOf(grant, grants)];
  const assignee = `--assignee-object-id=${grants.principalId}`;
  return {
    az: [
      ['az', 'role', 'assignment', 'delete', assignee, `--role=${name}`, `--scope=${scope}`],
      ['az', 'role', 'definition', 'delete', `--name=${name}`, `--scope=${place}`, '--custom-role-only=true'],
    ],
    powershell: [
      `Remove-AzRoleAssignment ${assignment(grant, grants)}`,
      `Remove-AzRoleDefinition -Name ${powershellWord(name)} -Scope ${powershellWord(place)} -Force`,
    ],
  };
}

function assignment(grant: RoleGrant, grants: Grants): string {
  const role = powershellWord(grant.roleName);
  return `-ObjectId ${grants.principalId} -RoleDefinitionName ${role} -Scope ${powershellWord(scopeOf(grant, grants))}`;
}

/** `az keyvault set-policy` and its like replace each list that they are given, and leave the others alone. */
function policyCommands(grant: PolicyGrant, grants: Grants, when: 'before' | 'after'): Commands {
  const { vault, principalId } = grants;
  const { name, subscriptionId, resourceGroup } = vault;
  const of = [`--subscription=${subscriptionId}`, `--resource-group=${resourceGroup}`, `--name=${name}`];
  const where = `-VaultName ${powershellWord(name)} -ResourceGroupName ${powershellWord(resourceGroup)} -ObjectId ${principalId}`;
  const context = `Set-AzContext -Subscription ${powershellWord(subscriptionId)}`;
  if (when === 'before' && !grant.isKnown)
    return {
      az: [['az', 'keyvault', 'delete-policy', ...of, `--object-id=${principalId}`]],
      powershell: [context, `Remove-AzKeyVaultAccessPolicy ${where}`],
    };
  const az = grant.lists.flatMap((list) => [`--${list.type}-permissions`, ...list[when]]);
  const lists = grant.lists.map(
    (list) => `-PermissionsTo${psNames[list.type]} @(${list[when].map((one) => `'${one}'`).join(',')})`,
  );
  return {
    az: [['az', 'keyvault', 'set-policy', ...of, `--object-id=${principalId}`, ...az]],
    powershell: [context, `Set-AzKeyVaultAccessPolicy ${where} ${lists.join(' ')}`],
  };
}

const psNames: Readonly<Record<ObjectType, string>> = {
  secret: 'Secrets',
  key: 'Keys',
  certificate: 'Certificates',
};

/** A grant as Bicep for a deployment into the resource group of the vault, or into its subscription. */
function grantBicep(grant: PolicyGrant | RoleGrant, grants: Grants): string {
  const { vault, principalId } = grants;
  if (grant.kind === 'policy') {
    const lists = grant.lists.map(({ type, after }): [string, BicepValue] => [`${type}s`, after]);
    const policy = {
      tenantId: vault.tenantId,
      objectId: principalId,
      permissions: Object.fromEntries(lists),
    };
    return [
      existing(vault.name),
      resource('policy', `${vaultType.type}/accessPolicies@${vaultType.apiVersion}`, {
        parent: new BicepName('vault'),
        name: 'add',
        properties: { accessPolicies: [policy] },
      }),
    ].join('\n');
  }
  const here = new BicepName(grant.scope === 'subscription' ? 'subscription().id' : 'resourceGroup().id');
  const { actions, dataActions } = grant.rights;
  const properties = {
    roleName: grant.roleName,
    description: grant.description,
    type: 'CustomRole',
    permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
    assignableScopes: [here],
  };
  const role = bicepValue(grant.roleName);
  return [
    `targetScope = ${bicepValue(grant.scope === 'subscription' ? 'subscription' : 'resourceGroup')}`,
    ...(grant.scope === 'vault' ? [existing(vault.name)] : []),
    resource('role', 'Microsoft.Authorization/roleDefinitions@2022-04-01', {
      name: new BicepName(`guid(${here.name}, ${role})`),
      properties,
    }),
    resource('assignment', 'Microsoft.Authorization/roleAssignments@2022-04-01', {
      ...(grant.scope === 'vault' ? { scope: new BicepName('vault') } : {}),
      name: new BicepName(`guid(${here.name}, ${role}, ${bicepValue(principalId)})`),
      properties: { roleDefinitionId: new BicepName('role.id'), principalId },
    }),
  ].join('\n');
}

function existing(name: string): string {
  const type = `${vaultType.type}@${vaultType.apiVersion}`;
  return `resource vault ${bicepValue(type)} existing = ${bicepValue({ name })}\n`;
}

function resource(symbol: string, type: string, body: Readonly<Record<string, BicepValue>>): string {
  return `resource ${symbol} ${bicepValue(type)} = ${bicepValue(body)}\n`;
}

/** The Bicep of every grant: each is a file of its own. */
export function* grantsBicep(grants: Grants): Iterable<string> {
  for (const grant of wanted(grants)) yield grantBicep(grant, grants);
}

/** A policy that holds everything already is nothing to grant. */
function wanted({ grants }: Grants): Grants['grants'] {
  return grants.filter((grant) => grant.kind === 'role' || grant.lists.length > 0);
}

/** The commands that grant rights, and those that take them back; each a word list, so that nothing is left to a shell. */
export function commandsOf(
  grant: PolicyGrant | RoleGrant,
  grants: Grants,
): Readonly<Record<'grant' | 'takeBack', Commands>> {
  return grant.kind === 'policy'
    ? {
        grant: policyCommands(grant, grants, 'after'),
        takeBack: policyCommands(grant, grants, 'before'),
      }
    : { grant: givingRole(grant, grants), takeBack: takingRole(grant, grants) };
}

const models = {
  rbac: 'It uses RBAC.',
  accessPolicy: 'It uses access policies.',
  unknown: 'Whether it uses RBAC or access policies is not known.',
};

function* render(grants: Grants): Iterable<string> {
  const { action, principalId, vault, permissionModel, notes, unreadable } = grants;
  yield comment(`What ${principalId} needs to ${action} in ${vault.id}. Nothing has been run.`);
  yield comment(models[permissionModel]);
  for (const note of notes) yield comment(note);
  for (const { scope, reason, hint } of unreadable) {
    yield comment(`NOT DECIDED: ${scope}: ${reason} ${hint}`);
    yield comment(
      'With access policies, the commands would replace lists that are not known, so that none is printed. With RBAC, they are these:',
    );
  }
  if (wanted(grants).length === 0) yield comment('The principal holds all of it already.');
  for (const grant of wanted(grants)) {
    const { grant: give, takeBack } = commandsOf(grant, grants);
    yield `\n${comment(`az (bash or zsh): ${titleOf(grant)}`)}${lines(give.az.map(shellCommand))}`;
    yield `\n${comment('az: take it back')}${lines(takeBack.az.map(shellCommand))}`;
    yield `\n${comment('PowerShell')}${lines(give.powershell)}`;
    yield `\n${comment('PowerShell: take it back')}${lines(takeBack.powershell)}`;
    yield `\n${bicepComment('Bicep, in a file of its own; with `az deployment group create`, or `sub create` for a subscription')}\n`;
    yield grantBicep(grant, grants);
  }
}

function titleOf(grant: PolicyGrant | RoleGrant): string {
  if (grant.kind === 'role') return grant.description;
  return grant.lists.map(({ type, after }) => `${type}s: ${after.join(', ')}`).join('; ');
}

function comment(text: string): string {
  return `# ${terminalText(text)}\n`;
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}

/** The formats of grants, in the order in which help lists them; the first is the default. */
export const grantsFormats = {
  text: { extension: 'txt', render },
  json: {
    extension: 'json',
    render: (grants) =>
      asJson.render(
        {
          ...grants,
          grants: grants.grants.map((grant) =>
            Object.assign({}, grant, commandsOf(grant, grants), { bicep: grantBicep(grant, grants) }),
          ),
        },
        undefined,
      ),
  },
} as const satisfies Readonly<Record<string, GrantsFormat>>;
