import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import type { TextStream, World } from './world.ts';

/** The world of a real process. */
export function processWorld(packageRoot: string): World {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: () => buffer(process.stdin),
    stdout: textStream(process.stdout),
    stderr: textStream(process.stderr),
    now: () => new Date(),
    signal: stopSignal(),
    packageRoot,
  };
}

/** The first Ctrl-C asks to stop; the second one is not waited for. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    process.once('SIGINT', () => process.kill(process.pid, 'SIGKILL'));
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

function textStream(stream: WriteStream): TextStream {
  let closed = false;
  stream.on('error', () => {
    closed = true;
  });
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns ?? 0;
    },
    async write(text) {
      if (closed || stream.write(text)) return;
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
    },
  };
}
