import type { ConnectOptions } from '../azure/connection.ts';
import type { World } from './world.ts';

/** Replaces the way to Azure: the demo and the tests reach the emulator through it. */
export type AzureOverrides = Pick<ConnectOptions, 'credential' | 'httpClient' | 'clock'>;

/** What every command is given, and how it hands back its exit code. */
export interface CommandContext {
  readonly world: World;
  readonly tool: { readonly name: string; readonly version: string };
  readonly azure: AzureOverrides;
  readonly finish: (code: number) => void;
}
