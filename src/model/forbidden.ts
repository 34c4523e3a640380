import type { Refusal } from './refusal.ts';
import { roleAssignmentsWrite } from './permission.ts';

/** The reasons for which Azure forbids a request, with advice. None of them is a right missing at the scope itself. */
export interface Forbidden {
  readonly outcome: 'failed' | 'unauthorized' | 'deniedByPolicy' | 'conflict';
  /** A clause that Azure's own message follows. */
  readonly reason: string;
  readonly hint: string;
}

/** Explains a refusal by its code; `undefined` for one that Azure's own message must explain. */
export function explainForbidden(refusal: Refusal): Forbidden | undefined {
  if (!refusal.fromAzure) return refusal.status === 403 || refusal.status === 407 ? blocked : undefined;
  const inner = byInnerCode.get(refusal.innerCode?.toLowerCase() ?? '')?.(refusal);
  return inner ?? byCode.get(refusal.code.toLowerCase())?.(refusal);
}

/** Key Vault's data plane: every 403 is `Forbidden`, and `innererror` tells them apart. */
const byInnerCode = new Map<string, (refusal: Refusal) => Forbidden | undefined>([
  ['forbiddenbyrbac', byRbac],
  ['forbiddenbypolicy', byAccessPolicy],
  ['accessdenied', byAccessPolicy],
  ['forbiddenbyfirewall', byFirewall],
  ['forbiddenbyconnection', byConnection],
  ['secretmanagedbykeyvault', partOfCertificate],
  ['keymanagedbykeyvault', partOfCertificate],
]);

const byCode = new Map<string, (refusal: Refusal) => Forbidden | undefined>([
  ['linkedauthorizationfailed', linked],
  ['linkedaccesscheckfailed', linked],
  ['denyassignmentauthorizationfailed', deniedByAssignment],
  ['insufficientpermissions', permissionModel],
  ['requestdisallowedbyazure', disallowedByAzure],
  ['requestdisallowedbypolicy', disallowedByPolicy],
  ['invalidauthenticationtokentenant', otherTenant],
  ['forbidden', purgeProtection],
]);

/** A proxy's own page, or that of a firewall. */
const blocked: Forbidden = {
  outcome: 'failed',
  reason: 'A proxy or firewall between here and Azure refused the request',
  hint: "No Azure role helps: have Azure's host names allowed there, and check HTTPS_PROXY (with its user and password, where it needs them).",
};

/**
 * Azure: "… has permission to perform action '…' on scope '…'; however, it does not have permission to perform
 * action(s) '…' on the linked scope(s) '…' or the linked scope(s) are invalid"; or "the current tenant '…' is not
 * authorized to access linked subscription '…'".
 */
function linked({ message }: Refusal): Forbidden | undefined {
  const [, action, scope] =
    /does not have permission to perform action(?:\(s\))? '([^']+)' on the linked scope(?:\(s\))? '([^']+)'/i.exec(
      message,
    ) ?? [];
  if (action !== undefined && scope !== undefined) {
    return {
      outcome: 'unauthorized',
      reason: `It may be changed itself, but a resource that it is linked to may not be used: ${action} on ${scope}`,
      hint: `Have a role that grants ${action} assigned on ${scope} (for a subnet, Network Contributor does). The linked resource must exist.`,
    };
  }
  const [, tenant, subscription] =
    /current tenant '([^']+)' is not authorized to access linked subscription '([^']+)'/i.exec(message) ?? [];
  if (tenant === undefined || subscription === undefined) return undefined;
  return {
    outcome: 'unauthorized',
    reason: `It is linked to a resource in subscription ${subscription}, which tenant ${tenant} may not use`,
    hint: `No role in tenant ${tenant} helps: remove the link, or sign in with an identity that has access in both tenants.`,
  };
}

/** Azure: "… the access is denied because of the deny assignment with name '…' and Id '…' at scope '…'." */
function deniedByAssignment({ message }: Refusal): Forbidden {
  const [, name, id, scope] =
    /deny assignment with name '(.*?)' and Id '(.*?)' at scope '(.*?)'/i.exec(message) ?? [];
  const which =
    name === undefined || scope === undefined ? 'A deny assignment' : `The deny assignment "${name}" (${id})`;
  const where = scope === undefined ? '' : ` at ${scope}`;
  return {
    outcome: 'unauthorized',
    reason: `${which}${where} forbids it`,
    hint: 'No role helps: only the owner of the deny assignment can change it, such as a deployment stack (its deny settings), a managed application or a blueprint. Make the change there, or have this identity excluded.',
  };
}

/** Azure: "Caller is not allowed to change permission model. … Details: …action=…; resource=…". */
function permissionModel({ message }: Refusal): Forbidden | undefined {
  if (!/permission model/i.test(message)) return undefined;
  const scope = /resource=([^;\s]+)/i.exec(message)?.[1];
  const where = scope === undefined ? 'the vault' : scope;
  return {
    outcome: 'unauthorized',
    reason: 'Switching the permission model of a vault takes the right to assign roles on it',
    hint: `Have ${roleAssignmentsWrite} granted on ${where} without a condition, as Owner or User Access Administrator do, besides the right to write the vault; or let its owner switch it.`,
  };
}

/** Key Vault: "Caller is not authorized to perform action on resource. … Action: '…' Resource: '…' …". */
function byRbac({ message }: Refusal): Forbidden {
  const action = /Action: '([^']+)'/i.exec(message)?.[1] ?? 'the data action';
  const scope = /Resource: '([^']+)'/i.exec(message)?.[1] ?? 'the vault';
  return {
    outcome: 'unauthorized',
    reason: `No role of this identity grants ${action} on ${scope}`,
    hint: `Have a role with that data action assigned there, such as Key Vault ${officerFor(action)}: Owner and Contributor have none. A new assignment takes effect after a few minutes.`,
  };
}

function officerFor(action: string): string {
  if (/\/(read|readMetadata\/action)$/i.test(action)) return 'Reader';
  const [, kind = ''] = /vaults\/(secrets|certificates)\//i.exec(action) ?? [];
  if (kind === '') return 'Crypto Officer';
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} Officer`;
}

/** Key Vault: "The user, group or application '…' does not have secrets purge permission on key vault 'kv;location=…'." */
function byAccessPolicy({ message }: Refusal): Forbidden | undefined {
  const [, collection, permission, vault = ''] =
    /does not have (\w+) (\w+) permission on key vault '([^';]*)/i.exec(message) ?? [];
  if (collection === undefined || permission === undefined) return undefined;
  const flag = `--${collection.replace(/s$/, '')}-permissions`;
  const all = permission === 'purge' ? ' "all" does not include purge;' : '';
  return {
    outcome: 'unauthorized',
    reason: `No access policy of the vault gives this identity ${permission} on ${collection}`,
    hint: `Have it added to the permissions that its access policy has, which this command replaces:${all} \`az keyvault set-policy --name ${vault} --object-id <object id> ${flag} <those that it has> ${permission}\``,
  };
}

/** Key Vault: "Client address is not authorized and caller is not a trusted service. Client address: 198.51.100.7 …". */
function byFirewall({ message }: Refusal): Forbidden {
  const address = /Client address: ([0-9a-f.:]+)/i.exec(message)?.[1];
  return {
    outcome: 'failed',
    reason: `The firewall of the vault does not let ${address ?? 'this address'} in`,
    hint: 'No role helps: run it from a network that the firewall allows, or have this address allowed there.',
  };
}

/** Key Vault: "Public network access is disabled and request is not … via an approved private link." */
function byConnection(): Forbidden {
  return {
    outcome: 'failed',
    reason:
      'The vault has public network access disabled, and is reached through its private endpoints alone',
    hint: 'No role helps: run it from a network with a private endpoint of the vault, whose name resolves to that endpoint there.',
  };
}

/** Key Vault: "Operation "recover" is not allowed as this object's lifetime is managed by Key Vault." */
function partOfCertificate(): Forbidden {
  return {
    outcome: 'conflict',
    reason: 'It is a part of the certificate of that name, and goes with it',
    hint: 'Name the certificate instead: --type certificate.',
  };
}

/** Key Vault: "Operation "purge" is not allowed because purge protection is enabled for this vault. …" */
function purgeProtection({ message }: Refusal): Forbidden | undefined {
  if (!/purge protection is enabled/i.test(message)) return undefined;
  return {
    outcome: 'conflict',
    reason: 'The vault has purge protection: nobody can purge what is in it before its time is up',
    hint: 'Azure purges it on its date: `purgeproof deleted objects list <vault>`',
  };
}

function disallowedByAzure(): Forbidden {
  return {
    outcome: 'failed',
    reason: 'Azure itself does not allow it in this subscription',
    hint: 'No role and no policy exemption helps: follow what the message says, or ask Azure support.',
  };
}

function disallowedByPolicy({ message, policies }: Refusal): Forbidden {
  const which = policies.length === 0 ? 'A policy' : `The policy ${policies.join(', ')}`;
  if (/\bMFA\b|mfaforazure|multi-?factor/i.test(`${message} ${policies.join(' ')}`)) {
    return {
      outcome: 'deniedByPolicy',
      reason: `${which} asks for a sign-in with multi-factor authentication`,
      hint: 'Apply as a service principal or a managed identity, of which it is not asked, or sign in again with multi-factor authentication: `az logout` `az login`',
    };
  }
  return {
    outcome: 'deniedByPolicy',
    reason: `${which} denies the change`,
    hint: 'Azure Policy judges the whole resource as it would become: fix what the policy reports, or ask for an exemption.',
  };
}

/** Azure: "The access token is from the wrong issuer '…/<tenant>/'. It must match the tenant '…/<tenant>/' …". */
function otherTenant({ message }: Refusal): Forbidden {
  const tenants = message.slice(message.search(/must match/i)).match(guid) ?? [];
  const tenant = tenants[0] ?? 'TENANT';
  return {
    outcome: 'unauthorized',
    reason: 'The subscription belongs to another tenant than the one that you signed in to',
    hint: `No role in this tenant helps. Sign in to the other one: \`az login --tenant ${tenant}\``,
  };
}

const guid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
