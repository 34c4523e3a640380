const dotted = /^tags\.([^[\]']+)$/iu;
const quoted = /^tags\['([^']+)'\]$/iu;
const bare = /^tags\[([^[\]'*]+)\]$/iu;

/**
 * The canonical path of a tag, which Azure Policy lets one write as `tags.owner`, `tags[owner]` or `tags['owner']`;
 * `undefined` for what names no tag.
 */
export function tagPath(written: string): string | undefined {
  const name = [dotted, quoted, bare]
    .map((form) => form.exec(written)?.[1])
    .find((found) => found !== undefined);
  return name === undefined ? undefined : `tags['${name}']`;
}
