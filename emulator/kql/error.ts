/** A query that Resource Graph refuses. `code` is the innermost code of its error body. */
export class KqlError extends Error {
  override readonly name = 'KqlError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
