/** The signed-in identity: directory and object id, from the token. */
export interface Identity {
  readonly tenantId: string;
  readonly objectId: string;
}
