import type { AzureOverrides, ConnectOptions } from '../azure/connection.ts';
import { defaultRequestTimeoutMs } from '../model/retry.ts';
import type { Identity } from '../model/identity.ts';
import type { Tool } from '../model/tool.ts';
import type { ExitWords } from './exit-words.ts';
import type { StatusLine } from './status-line.ts';
import { type DebugDetail, debugLog, type World } from './world.ts';

/** The surroundings of a command, and the receiver of its exit code. */
export interface CommandContext {
  readonly world: World;
  readonly tool: Tool;
  readonly azure: AzureOverrides;
  /** `words` says why; a code that they leave out needs no reason. */
  readonly finish: (code: number, words?: ExitWords) => void;
  /** Is told as whom Azure is read, to be named at the end; a scan has it in its report. */
  readonly onSignedIn: (identity: Identity) => void;
}

/** The flags of a command that decide how it connects to Azure. */
interface ConnectionFlags {
  readonly cloud?: ConnectOptions['cloud'];
  readonly tenant?: string;
  /** Milliseconds. */
  readonly requestTimeout?: number;
  readonly quiet?: true;
  readonly debug?: DebugDetail;
}

/** The options of a connection to Azure, as flags and their defaults have them. A line of status says that it is being used. */
export function connectOptions(
  flags: ConnectionFlags,
  { azure, tool, world, onSignedIn }: Pick<CommandContext, 'azure' | 'tool' | 'world' | 'onSignedIn'>,
): ConnectOptions & { readonly requestTimeoutMs: number } {
  const { cloud = 'AzureCloud', requestTimeout: requestTimeoutMs = defaultRequestTimeoutMs } = flags;
  const { version } = tool;
  const tenantId = flags.tenant;
  const isWatched = world.stderr.isTTY && flags.quiet !== true && flags.debug === undefined;
  const told = isWatched ? countAnswers(world.status) : debugLog(flags, world);
  return { ...azure, cloud, tenantId, requestTimeoutMs, version, onSignedIn, ...told };
}

/** Says that the sign-in is under way, then how often Azure has answered. */
function countAnswers({ show }: StatusLine): Pick<ConnectOptions, 'onExchange'> {
  let answers = 0;
  show('Signing in …');
  return {
    onExchange() {
      answers += 1;
      show(`Waiting for Azure · ${answers === 1 ? '1 answer' : `${answers} answers`}`);
    },
  };
}
