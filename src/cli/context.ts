import type { AzureOverrides, ConnectOptions } from '../azure/connection.ts';
import { defaultRequestTimeoutMs } from '../model/retry.ts';
import type { Tool } from '../model/tool.ts';
import { debugLog, type World } from './world.ts';

/** The surroundings of a command, and the receiver of its exit code. */
export interface CommandContext {
  readonly world: World;
  readonly tool: Tool;
  readonly azure: AzureOverrides;
  readonly finish: (code: number) => void;
}

/** The flags of a command that decide how it connects to Azure. */
interface ConnectionFlags {
  readonly cloud?: ConnectOptions['cloud'];
  /** Milliseconds. */
  readonly requestTimeout?: number;
  readonly debug?: true;
}

/** The options of a connection to Azure, as flags and their defaults have them. */
export function connectOptions(
  flags: ConnectionFlags,
  { azure, tool, world }: Pick<CommandContext, 'azure' | 'tool' | 'world'>,
): ConnectOptions & { readonly requestTimeoutMs: number } {
  const { cloud = 'AzureCloud', requestTimeout: requestTimeoutMs = defaultRequestTimeoutMs } = flags;
  return { ...azure, cloud, requestTimeoutMs, version: tool.version, ...debugLog(flags, world) };
}
