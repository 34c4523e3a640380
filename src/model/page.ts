/** A part of a page of documentation. Its texts may hold spans of code between backticks; nothing else in them is markup. */
export type PageBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly isStrong?: true }
  /** Each line begins with `- `, after two spaces for each level above it. */
  | { readonly kind: 'list'; readonly lines: readonly string[] }
  | { readonly kind: 'links'; readonly links: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };
