import type { VaultType } from './template.ts';

/** The kind of an ARM resource type, with or without `@version`, in any letter case; others are not declared here. */
export function vaultTypeOf(resourceType: string): VaultType | undefined {
  const [type] = resourceType.toLowerCase().split('@');
  if (type === 'microsoft.keyvault/vaults') return 'vault';
  return type === 'microsoft.keyvault/managedhsms' ? 'managedHsm' : undefined;
}
