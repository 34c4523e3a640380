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
