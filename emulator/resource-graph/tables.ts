import type { Column, ScalarType, TableSchema } from '../kql/syntax.ts';

const strings = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
];
const dynamics = ['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'];

const columns: readonly Column[] = [
  ...strings.map((name) => column(name, 'string')),
  ...dynamics.map((name) => column(name, 'dynamic')),
  column('apiVersion', 'string'),
];

/** The tables of Resource Graph that the emulator has, with the columns that they all share. */
export const resourceGraphTables: readonly TableSchema[] = [
  'resources',
  'resourcecontainers',
  'authorizationresources',
  'policyresources',
].map((name) => ({ name, columns }));

function column(name: string, type: ScalarType): Column {
  return { name, type };
}
