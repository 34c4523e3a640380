/** Work that is done in pieces: its runner may do something else between two of them, or stop. */
export type Piecewise<T> = Generator<undefined, T, undefined>;

/** Does the whole work without a pause. */
export function wholly<T>(work: Piecewise<T>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
  }
}
