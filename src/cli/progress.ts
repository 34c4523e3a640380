import type { ReadProgress } from '../model/source.ts';
import type { ScanProgress } from '../usecases/scan/ports.ts';
import type { TextStream } from './world.ts';

const eraseLine = '\r\u001b[2K';

/** One line on a terminal that is drawn over and leaves no trace; silent unless the stream is a terminal and `wanted`. */
export function progressLine(stream: TextStream, wanted: boolean): ScanProgress {
  if (!stream.isTTY || !wanted) return { show: () => undefined, clear: async () => undefined };
  return {
    show(progress) {
      const line = describe(progress).slice(0, Math.max(10, stream.columns - 1));
      void stream.write(`${eraseLine}${line}`);
    },
    clear: () => stream.write(eraseLine),
  };
}

function describe({ subscriptions, pages, resources, waitingMs }: ReadProgress): string {
  const parts = [
    `Reading ${count(subscriptions, 'subscription')}`,
    count(pages, 'page'),
    count(resources, 'vault'),
    ...(waitingMs > 0 ? [`waiting ${Math.ceil(waitingMs / 1000)} s for the Resource Graph quota`] : []),
  ];
  return parts.join(' · ');
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
