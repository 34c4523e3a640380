/** The signed-in identity, from the token. */
export interface Identity {
  /** The id of its directory. */
  readonly tenantId: string;
  readonly objectId: string;
  /** The name that a user signs in with; absent for most others. */
  readonly name?: string;
  /** The client id of an application or a managed identity. */
  readonly applicationId?: string;
}
