import type { Json, JsonObject } from '../model/json.ts';
import type { Permission } from '../model/permission.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import type { Session } from './session.ts';

/** The scope of permissions: an ARM id of a management group, a subscription, a resource group or a resource. */
export interface PermissionScope {
  readonly scope: string;
  /** The name of the scope in messages. */
  readonly what: string;
  readonly session?: Session;
}

/**
 * The permissions of the caller at a scope, by roles held there or above. An entry that cannot be understood, or that holds only
 * under a condition, grants nothing. Throws `AzureError`, also for want of Microsoft.Authorization/permissions/read.
 * Source: https://learn.microsoft.com/rest/api/authorization/permissions
 */
export async function readPermissions(
  connection: AzureConnection,
  { scope, what, session }: PermissionScope,
  signal: AbortSignal,
): Promise<readonly Permission[]> {
  const list = {
    operation: `read your permissions on ${what}`,
    path: `${encodeURI(scope)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    ...(session === undefined ? {} : { session }),
  };
  const rows = await readArmList(connection, list, signal);
  return rows.flatMap(toPermission);
}

function toPermission({ actions, notActions, condition }: JsonObject): readonly Permission[] {
  const [granted, takenAway] = [textsIn(actions), textsIn(notActions ?? [])];
  if (granted === undefined || takenAway === undefined || !isUnset(condition)) return [];
  return [{ actions: granted, notActions: takenAway }];
}

function textsIn(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}
