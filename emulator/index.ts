export { emulator, type Emulator, type RequestRecord } from './emulator.ts';
export { ConnectionReset, type Fault, type FaultKind, type FaultMatch } from './faults/fault.ts';
export { loopbackHttpClient, serve } from './loopback.ts';
export type {
  Tenant,
  TenantManagementGroup,
  TenantPrincipal,
  TenantResources,
  TenantSubscription,
} from './tenant.ts';
export type { EmulatorOptions, PageSizes } from './world.ts';
export { startTlsProxy, type TlsProxy } from './tls-proxy.ts';
export { demoTenant } from './tenants/demo.ts';
export { generateTenant, type GenerateOptions } from './tenants/generate.ts';
export { accessPolicy, endpointConnection, guidOf, managedHsmBody, vaultBody } from './tenants/bodies.ts';
