/** Who is signed in: directory and object id, from the token. */
export interface Identity {
  readonly tenantId: string;
  readonly objectId: string;
}
