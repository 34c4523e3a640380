/** A part of what is scanned; a resource must match every key that is given. */
export interface ResourceScope {
  /** An ARM resource id. */
  readonly resource?: string;
  /** `/subscriptions/…/resourceGroups/…`, or the bare name of a resource group. */
  readonly resourceGroup?: string;
  /** A subscription id or display name. */
  readonly subscription?: string;
  /** A management group id or display name; holds for every subscription below it. */
  readonly managementGroup?: string;
  /** A pattern over the resource's name: `*` stands for any run of characters. */
  readonly name?: string;
  /** Tags that must all be there with these values. */
  readonly tag?: Readonly<Record<string, string>>;
}
