/**
 * Reads several streams at once and yields what comes first. At most `width` streams are open and each is at most one
 * item ahead, so memory does not grow when the reader is slow.
 */
export async function* merge<T>(streams: Iterable<AsyncIterable<T>>, width: number): AsyncGenerator<T> {
  const waiting = streams[Symbol.iterator]();
  const open = new Map<AsyncIterator<T>, Promise<Arrival<T>>>();
  const openNext = (): void => {
    const next = waiting.next();
    if (next.done === true) return;
    const stream = next.value[Symbol.asyncIterator]();
    open.set(stream, advance(stream));
  };
  try {
    for (let index = 0; index < width; index += 1) openNext();
    while (open.size > 0) {
      const { stream, result } = await Promise.race(open.values());
      if (result.done === true) {
        open.delete(stream);
        openNext();
      } else {
        open.set(stream, advance(stream));
        yield result.value;
      }
    }
  } finally {
    for (const arrival of open.values()) arrival.catch(() => undefined);
    await Promise.allSettled([...open.keys()].map(async (stream) => stream.return?.()));
  }
}

interface Arrival<T> {
  readonly stream: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

async function advance<T>(stream: AsyncIterator<T>): Promise<Arrival<T>> {
  return { stream, result: await stream.next() };
}
