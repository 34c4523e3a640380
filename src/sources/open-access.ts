import { type ConnectOptions, connect } from '../azure/connection.ts';
import type { AccessReader } from '../model/access.ts';
import type { ResourceSource, SourceScope } from '../model/source.ts';
import { readAccess } from './access.ts';
import { liveSource } from './live.ts';
import type { NamedScope } from './live/first-snapshot.ts';

/** Vaults and managed HSMs in a scope, and who has access to them, eligible principals included. */
export interface OpenAccess {
  readonly source: ResourceSource;
  readonly openAccess: (scope: SourceScope, signal: AbortSignal) => AccessReader;
}

/** Opens Resource Graph and ARM. Nothing is read yet. */
export function openAccess(options: ConnectOptions, named: NamedScope): OpenAccess {
  const connection = connect(options);
  return {
    source: liveSource({ connection, ...named }),
    openAccess: ({ subscriptions }, signal) =>
      readAccess(connection, { signal, subscriptions, eligible: true }),
  };
}
