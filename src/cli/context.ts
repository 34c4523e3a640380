import type { AzureOverrides } from '../azure/connection.ts';
import type { Tool } from '../model/tool.ts';
import type { World } from './world.ts';

/** The surroundings of a command, and the receiver of its exit code. */
export interface CommandContext {
  readonly world: World;
  readonly tool: Tool;
  readonly azure: AzureOverrides;
  readonly finish: (code: number) => void;
}
