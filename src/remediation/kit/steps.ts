import { type Cloud, clouds } from '../../model/cloud.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import {
  type Kit,
  type KitItem,
  type KitPartName,
  kitPartWords,
  type KitRestore,
  type KitVault,
  type RestoreStep,
  isListedPart,
  type ListedItem,
  listedTypes,
} from '../../model/kit.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { sha256 } from '../canonical-json.ts';
import { scopeInId } from '../../model/arm-id.ts';

/** The steps that put back what a kit holds. `fileOf` gives the path of a Bicep file as the reader of the steps needs it. */
export function restoreKit(kit: Kit, fileOf: (bicep: string) => string): KitRestore {
  const vaults = kit.vaults.map((vault) => ({
    vault,
    deployed: listedItems(vault).filter((one) => isOnVault(one, vault)),
    steps: stepsFor(vault, kit, fileOf(vault.bicep)),
  }));
  return { kit, vaults };
}

function stepsFor(vault: KitVault, { cloud }: Kit, file: string): readonly RestoreStep[] {
  return [
    recovery(vault, cloud),
    ...itemsOf(vault, 'networkRules').flatMap((item) => networkRules(vault, item)),
    ...itemsOf(vault, 'privateEndpointConnections').map(privateEndpoint),
    // Before the locks, which the deployment brings: one may forbid it.
    ...onObjects(vault),
    ...deployment(vault, file),
    ...vault.parts.flatMap((part) => {
      if (part.state === 'read') return [];
      const title = `Not in this kit: the ${kitPartWords[part.name]}`;
      const why = `They could not be read when it was made, so there may be some. ${part.reason} ${part.hint}`;
      return [{ title, notes: [why.trim(), `Ask the owner of the ${wordOf(vault)} what was there.`] }];
    }),
  ];
}

/** `vault` or `managed HSM`. */
function wordOf({ type }: KitVault): string {
  return knownType(type)?.words.one ?? 'vault';
}

function itemsOf({ parts }: KitVault, name: KitPartName): readonly KitItem[] {
  return parts.flatMap((part) => (part.name === name && part.state === 'read' ? part.items : []));
}

/** Everything that is listed around a vault and was read. */
function listedItems({ parts }: KitVault): readonly ListedItem[] {
  return parts.flatMap((part) => {
    const { name } = part;
    if (part.state !== 'read' || !isListedPart(name)) return [];
    return part.items.map((item) => ({ part: name, item }));
  });
}

/** True for what stands on the vault itself: what stands on one key or secret in it cannot be put into the Bicep file. */
function isOnVault({ item }: ListedItem, vault: KitVault): boolean {
  return scopeInId(item.id).toLowerCase() === vault.id.toLowerCase();
}

/** The path of the request that puts an item back, each segment encoded. */
function requestPath(id: string, apiVersion: string): string {
  const segments = id.replaceAll(/\p{Cs}/gu, '\uFFFD').split('/');
  return `${segments.map((segment) => encodeURIComponent(segment)).join('/')}?api-version=${apiVersion}`;
}

/** The path for an item that ARM lists. */
function listedPath({ part, item }: ListedItem): string {
  return requestPath(item.id, listedTypes[part].apiVersion);
}

function recovery(vault: KitVault, cloud: Cloud): RestoreStep {
  const { id } = vault;
  return {
    title: `Recover the ${wordOf(vault)}, if it is deleted`,
    command: ['purgeproof', 'deleted', 'recover', id, ...(cloud === clouds[0] ? [] : ['--cloud', cloud])],
    notes: [
      `Skip this if the ${wordOf(vault)} is there. Everything below needs it.`,
      ...(knownType(vault.type)?.raisesEvents === true
        ? []
        : ['Its keys and its local role assignments are inside it, and come back with it.']),
    ],
  };
}

/** A PATCH: a PUT would take away what it does not name, such as the access policies. */
function networkRules(vault: KitVault, { properties }: KitItem): readonly RestoreStep[] {
  if (Object.keys(properties).length === 0) return [];
  return [
    {
      title: 'Put the network rules back',
      command: rest('patch', requestPath(vault.id, knownType(vault.type)?.apiVersion ?? ''), { properties }),
      notes: [
        `A recovered ${wordOf(vault)} keeps the rules that it had when it was deleted: this makes sure of those here.`,
      ],
    },
  ];
}

function privateEndpoint({ id, properties }: KitItem): RestoreStep {
  const endpoint = textAt(properties, 'privateEndpoint', 'id');
  const status = textAt(properties, 'privateLinkServiceConnectionState', 'status');
  const found = `Its private endpoint: ${endpoint === '' ? 'Azure named none' : endpoint}`;
  const again =
    'If it is gone, or its connection says Disconnected, create it again in its own resource group: that gives a new connection.';
  if (status.toLowerCase() !== 'approved')
    return {
      title: `Leave a private endpoint connection as it was: ${status === '' ? 'state unknown' : status}`,
      notes: [found],
    };
  return {
    title: 'Approve a private endpoint connection',
    command: ['az', 'network', 'private-endpoint-connection', 'approve', `--id=${id}`],
    notes: [found, again],
  };
}

function deployment(vault: KitVault, file: string): readonly RestoreStep[] {
  if (!listedItems(vault).some((one) => isOnVault(one, vault))) return [];
  return [
    {
      title: `Deploy the Bicep file of the ${wordOf(vault)}, which puts the rest back`,
      command: [
        'az',
        'deployment',
        'group',
        'create',
        `--subscription=${vault.subscriptionId}`,
        `--resource-group=${vault.resourceGroup}`,
        `--name=purgeproof-kit-${sha256(vault.id.toLowerCase()).slice(0, 8)}`,
        `--template-file=${file}`,
      ],
      notes: [
        'It asks for what a kit never holds: the full addresses of webhooks, and secret delivery attributes.',
        'RoleAssignmentExists means that someone has assigned that role again already: take that assignment out of the file.',
        'PrincipalNotFound means that the user, group or application is gone: take its assignments out.',
      ],
    },
  ];
}

/** Bicep cannot name the keys, secrets and certificates that these stand on. */
function onObjects(vault: KitVault): readonly RestoreStep[] {
  return listedItems(vault)
    .filter((one) => !isOnVault(one, vault))
    .map((one) => ({
      title: `Put back one of the ${kitPartWords[one.part]}, which stands on an object in the ${wordOf(vault)}`,
      command: rest('put', listedPath(one), { properties: one.item.properties }),
      notes: [],
    }));
}

function rest(method: string, path: string, body: JsonObject): readonly string[] {
  return ['az', 'rest', `--method=${method}`, `--url=${path}`, `--body=${JSON.stringify(body)}`];
}

function textAt(properties: JsonObject, outer: string, inner: string): string {
  const value = properties[outer];
  const text = isJsonObject(value) ? value[inner] : undefined;
  return typeof text === 'string' ? text : '';
}
