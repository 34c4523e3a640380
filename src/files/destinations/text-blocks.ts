const blockLength = 65_536;

/** Joins small pieces of text to larger ones: writing each piece separately takes longer than making them all. */
export function* textBlocks(pieces: Iterable<string>): Iterable<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < blockLength) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
