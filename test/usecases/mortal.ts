import type { JournalStore } from '../../src/model/journal.ts';
import type { WriteSender } from '../../src/model/arm-ports.ts';

/** The point at which the process dies, by the entry of the journal. `in…`: half of the entry is on the disk. */
export type CrashPoint =
  | 'none'
  | 'beforeIntent'
  | 'inIntent'
  | 'afterIntent'
  | 'afterResponse'
  | 'beforeResult'
  | 'inResult'
  | 'afterResult';

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A journal in which the process dies. */
export function mortalJournal(store: JournalStore, crashPoint: string): JournalStore {
  return {
    ...store,
    async append(text) {
      const kind = text.includes('"kind":"intent"')
        ? 'Intent'
        : text.includes('"kind":"result"')
          ? 'Result'
          : 'Run';
      if (crashPoint === `before${kind}`) die();
      if (crashPoint === `in${kind}`) {
        await store.append(text.slice(0, text.length / 2));
        die();
      }
      await store.append(text);
      if (crashPoint === `after${kind}`) die();
    },
  };
}

/** Sends, and dies once the answer is there. */
export function mortalSender(sender: WriteSender, crashPoint: string): WriteSender {
  return {
    async send(action, until) {
      const answer = await sender.send(action, until);
      if (crashPoint === 'afterResponse') die();
      return answer;
    },
  };
}
