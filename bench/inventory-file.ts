import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generateTenant } from '../emulator/index.ts';
import type { JsonObject } from '../src/model/json.ts';
import { subscriptions } from './read-measurement.ts';
import { folder } from './scanner.ts';

/** The bodies of a generated tenant's vaults, one after the other. */
export function generatedVaults(vaults: number, failing: number): Iterable<JsonObject> {
  const { resources } = generateTenant({ subscriptions, vaults, failing });
  return typeof resources === 'function' ? resources() : resources;
}

/** An inventory file with the vaults of a generated tenant, of which 1 % fail unless told otherwise. */
export function inventoryFile(vaults: number, failing = 0.01): string {
  const path = join(folder, `inventory-${vaults}-${failing}.json`);
  if (existsSync(path)) return path;
  const file = openSync(path, 'w');
  let separator = '[';
  for (const body of generatedVaults(vaults, failing)) {
    writeSync(file, `${separator}${JSON.stringify(body)}`);
    separator = ',\n';
  }
  writeSync(file, ']\n');
  closeSync(file);
  return path;
}
