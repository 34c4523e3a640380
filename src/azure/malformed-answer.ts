/** Azure answered with something that is not an answer: cut off, or not from Azure at all. Worth another try. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}
