/** A string literal of KQL. All but printable ASCII is escaped: hostile text stays text, on one line. */
export function quote(text: string): string {
  const escaped = text.replaceAll(/[^ -~]|['\\]/g, (unit) =>
    unit === "'" || unit === '\\' ? `\\${unit}` : `\\u${hex(unit)}`,
  );
  return `'${escaped}'`;
}

/** The path of a member, by a dot where KQL accepts the name as an identifier, in brackets everywhere else. */
export function memberPath(of: string, key: string): string {
  return isName.test(key) || plainNames.has(key) ? `${of}.${key}` : `${of}[${quote(key)}]`;
}

/** Gives columns that filters name often a shorter name: a query needs it before its filter. */
export const shorterNames = 'extend p = properties';

/** The name of a column in a filter. */
export function columnPath(column: string): string {
  return column === 'properties' ? 'p' : column;
}

// No keyword of KQL holds a capital; of the names without one, these are none.
const isName = /^[a-z]+[A-Z][A-Za-z0-9]*$/;
const plainNames = new Set(
  'name status value id sku family bypass tag regions properties permissions keys secrets certificates storage'.split(
    ' ',
  ),
);

function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0');
}
