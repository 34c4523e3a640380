import { resourceTypes } from '../../model/resource.ts';
import type { FieldTable } from './field-table.ts';
import { managedHsmFields } from './managed-hsm-fields.ts';
import { vaultFields } from './vault-fields.ts';

/** A resource type whose fields are known. */
export interface CataloguedType {
  readonly resourceType: string;
  readonly fields: FieldTable;
}

/** Every resource type whose fields are known. */
export const catalogue: readonly CataloguedType[] = [
  { resourceType: resourceTypes.vault, fields: vaultFields },
  { resourceType: resourceTypes.managedHsm, fields: managedHsmFields },
];

/** The catalogue's entry for a resource type in any letter case; `undefined` where its fields are not known. */
export function cataloguedType(resourceType: string): CataloguedType | undefined {
  const wanted = resourceType.toLowerCase();
  return catalogue.find((entry) => entry.resourceType.toLowerCase() === wanted);
}
