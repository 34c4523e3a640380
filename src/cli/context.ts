import type { Tool } from '../model/tool.ts';
import type { OpenOptions } from '../sources/open-source.ts';
import type { World } from './world.ts';

/** Replaces the way to Azure. */
export type AzureOverrides = OpenOptions['azure'];

/** What every command is given, and how it hands back its exit code. */
export interface CommandContext {
  readonly world: World;
  readonly tool: Tool;
  readonly azure: AzureOverrides;
  readonly finish: (code: number) => void;
}
