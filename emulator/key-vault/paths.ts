/** The stable API versions of Microsoft.KeyVault; those before 2026-02-01 retire in February 2027. */
export const keyVaultApiVersions = [
  '2015-06-01',
  '2016-10-01',
  '2018-02-14',
  '2019-09-01',
  '2021-10-01',
  '2022-07-01',
  '2023-02-01',
  '2023-07-01',
  '2024-11-01',
  '2025-05-01',
  '2026-02-01',
];

/** A type of resource that Microsoft.KeyVault keeps. */
export type KeyVaultType = 'vaults' | 'managedHSMs';
