import type { Cloud } from './cloud.ts';
import type { JsonObject } from './json.ts';
import type { Resource } from './resource.ts';
import type { Tool } from './tool.ts';

/** The parts of a recovery kit, in the order in which they are put back. */
export const kitPartNames = [
  'networkRules',
  'privateEndpointConnections',
  'roleAssignments',
  'diagnosticSettings',
  'eventSubscriptions',
  'locks',
] as const;

export type KitPartName = (typeof kitPartNames)[number];

/** The parts that ARM lists beside a vault; the others are in the body of the vault itself. */
const listedParts = ['roleAssignments', 'diagnosticSettings', 'eventSubscriptions', 'locks'] as const;

export type ListedPart = (typeof listedParts)[number];

/**
 * The type of what a part lists, and the API version by which it is read and put back.
 * Sources: https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-scope (2022-04-01, the first with
 * conditions), https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list (no stable version has groups of
 * categories), https://learn.microsoft.com/rest/api/resources/management-locks/list-by-scope,
 * https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/list-by-resource
 */
export const listedTypes: Readonly<
  Record<ListedPart, { readonly type: string; readonly apiVersion: string }>
> = {
  roleAssignments: { type: 'Microsoft.Authorization/roleAssignments', apiVersion: '2022-04-01' },
  diagnosticSettings: { type: 'Microsoft.Insights/diagnosticSettings', apiVersion: '2021-05-01-preview' },
  eventSubscriptions: { type: 'Microsoft.EventGrid/eventSubscriptions', apiVersion: '2025-02-15' },
  locks: { type: 'Microsoft.Authorization/locks', apiVersion: '2020-05-01' },
};

/** The words for a part in reports. */
export const kitPartWords: Readonly<Record<KitPartName, string>> = {
  networkRules: 'network rules',
  privateEndpointConnections: 'private endpoint connections',
  roleAssignments: 'role assignments',
  diagnosticSettings: 'diagnostic settings',
  eventSubscriptions: 'Event Grid subscriptions',
  locks: 'locks',
};

/** True for a part that ARM lists beside a vault. */
export function isListedPart(part: KitPartName): part is ListedPart {
  return Object.hasOwn(listedTypes, part);
}

/** One thing around a vault. `properties` holds what a request that puts it back sends, without any secret. */
export interface KitItem {
  /** The ARM id. */
  readonly id: string;
  readonly name: string;
  readonly properties: JsonObject;
}

/** A part of a kit. One that could not be read is never the same as an empty one. */
export type KitPart =
  | { readonly name: KitPartName; readonly state: 'read'; readonly items: readonly KitItem[] }
  | { readonly name: KitPartName; readonly state: 'notRead'; readonly reason: string; readonly hint: string };

/** A vault, by what says where it is. */
export type KitVaultAddress = Pick<Resource, 'id' | 'name' | 'type' | 'subscriptionId' | 'resourceGroup'>;

/** A vault and everything around it, with one entry for every part. */
export interface KitVault extends KitVaultAddress {
  /** The Bicep file beside the kit, such as `kv-payments-1a2b3c4d.bicep`. */
  readonly bicep: string;
  readonly parts: readonly KitPart[];
}

/** A recovery kit: what a recovery of some vaults would not bring back, or might bring back differently. */
export interface Kit {
  readonly schemaVersion: '1.0';
  readonly tool: Tool;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The cloud that the vaults are in. */
  readonly cloud: Cloud;
  /** False where a part could not be read: nothing is known about it. */
  readonly complete: boolean;
  readonly vaults: readonly KitVault[];
}

/** A step that puts something back. `command` is the words of one command, none of them quoted yet. */
export interface RestoreStep {
  readonly title: string;
  readonly command?: readonly string[];
  /** Sentences about what a person has to know or do. */
  readonly notes: readonly string[];
}

/** An item that ARM lists, with its part. */
export interface ListedItem {
  readonly part: ListedPart;
  readonly item: KitItem;
}

/** The steps for one vault, in order, and what its Bicep file puts back. */
export interface VaultRestore {
  readonly vault: KitVault;
  readonly deployed: readonly ListedItem[];
  readonly steps: readonly RestoreStep[];
}

/** A kit with the steps that put everything back: what a person follows. */
export interface KitRestore {
  readonly kit: Kit;
  readonly vaults: readonly VaultRestore[];
}

/** One difference between a kit and the vault today. */
export interface KitChange {
  readonly vaultId: string;
  readonly part: KitPartName;
  readonly change: 'added' | 'removed' | 'changed';
  readonly item: { readonly id: string; readonly name: string };
}

/** Something that could not be compared, in the kit or today. */
export interface KitGap {
  readonly vaultId: string;
  readonly part: KitPartName;
  readonly side: 'kit' | 'now';
  readonly reason: string;
  readonly hint: string;
}

/** The difference between a kit and its vaults today. */
export interface KitDifference {
  readonly schemaVersion: '1.0';
  readonly createdAt: string;
  readonly comparedAt: string;
  /** False where a part could not be read, then or now. */
  readonly complete: boolean;
  /** Ids of vaults that are no longer there. */
  readonly gone: readonly string[];
  readonly changes: readonly KitChange[];
  readonly unreadable: readonly KitGap[];
}

/** Lists what stands beside a vault, as ARM has it. Throws `AzureError` for what Azure refuses. */
export interface KitReader {
  list(vault: KitVaultAddress, part: ListedPart, signal: AbortSignal): Promise<readonly JsonObject[]>;
}
