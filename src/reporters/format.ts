/** One format of a document. The name that `--output` takes is its key in the registry of the document. */
export interface Format<Document, Context> {
  /** The usual extension of its files, without the dot. */
  readonly extension: string;
  /** Renders the document piece by piece; the pieces, joined by nothing, are the text. Pure. */
  readonly render: (document: Document, context: Context) => Iterable<string>;
}

/** A document as it is, as JSON for scripts. */
export const asJson: Format<object, unknown> = {
  extension: 'json',
  render: (document) => [`${JSON.stringify(document, null, 2)}\n`],
};

/** The terminal that a text is written to, or its replacement where there is none. */
export interface Terminal {
  /** ANSI colours may be used. */
  readonly color: boolean;
  /** Columns; infinite where the text does not go to a terminal: nothing is wrapped or left out to fit then. */
  readonly width: number;
  /** Rows of the terminal, where they are known: what is shown by default leaves out what they have no room for. */
  readonly rows?: number;
}
