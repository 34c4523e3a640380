/** True for the ARM id of a scope itself, and of everything in it. Letter case does not count. */
export function isAtOrBelowScope(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The scope on which something stands: its ARM id up to the provider of its own type. */
export function scopeInId(id: string): string {
  return id.slice(0, Math.max(0, id.toLowerCase().lastIndexOf('/providers/')));
}
