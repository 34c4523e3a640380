import type { Json, JsonObject } from '../model/json.ts';
import type { Risk } from '../model/risk.ts';
import type { CoveragePartName, SourceName } from '../model/source-name.ts';

/** The type of a field. A list of texts: text that is known to be one of these, though Azure may add more. */
export type FieldType = 'string' | 'boolean' | 'integer' | 'object' | 'array' | readonly string[];

/** The known fields of a resource type, by canonical path. */
export type FieldTable = Readonly<Record<string, FieldType>>;

/** A resource type: all that purgeproof knows of it, and the only place that says so. */
export interface ResourceType {
  /** In Azure's own spelling, such as `Microsoft.KeyVault/vaults`. `TYPE/read` and `TYPE/write` are the ARM rights. */
  readonly type: string;
  /** The newest stable API version of the control plane. */
  readonly apiVersion: string;
  readonly words: TypeWords;
  /** True where one that is deleted costs its full rate until it is purged. */
  readonly billedUntilPurged?: boolean;
  /** The fields that rules may read. */
  readonly fields: FieldTable;
  /** Paths of fields that each one has: where such a field is missing, nobody knows its value. */
  readonly neverUnset?: readonly string[];
  /** Paths of fields that Azure fills in, or other resources do: no declaration shows them. */
  readonly filledIn: readonly string[];
  /** Paths of what Azure writes besides the fields: spelled as Azure spells it, and read by no rule. */
  readonly otherPaths: readonly string[];
  /** The top-level members of `properties` of which more is known than their type, by name. */
  readonly properties: ReadonlyMap<string, Property>;
  /** The property that holds the retention period in days, which is set at creation. */
  readonly retention?: string;
  /** The sources that read it: a rule on it is judged where one of them takes part in the scan. */
  readonly readBy: readonly SourceName[];
  /** The type of what it is in: where that was not read in full, neither was this. */
  readonly partOf?: string;
  /** Members that no body holds: facts that a part of the scan adds, by the name of the part. They are among `fields`. */
  readonly facts?: Readonly<Record<string, CoveragePartName>>;
  /** The table from which a live scan reads it. */
  readonly resourceGraph?: ResourceGraphTable;
  /** The operations of `@azure/arm-keyvault` that read and change one; `undefined` for what ARM is not asked about. */
  readonly operations?: 'vaults' | 'managedHsms';
  /** The steps by which a person replaces one whose retention period is wrong: it is set at creation. */
  readonly recreate?: readonly string[];
  /** True for a source of Event Grid. Source: https://learn.microsoft.com/azure/event-grid/system-topics */
  readonly raisesEvents?: true;
  /** The place of one that was deleted until it is purged; `undefined` where ARM shows no such place. */
  readonly recycleBin?: RecycleBinSpelling;
  readonly terraform?: TerraformSpelling;
  readonly modules?: VerifiedModules;
}

/** The words for a resource type in messages and reports. */
interface TypeWords {
  /** `vault`. */
  readonly one: string;
  /** `vaults`. */
  readonly many: string;
  /** In front of a name in a list: `Managed HSM`; empty for the type that such lists are of. */
  readonly label: string;
}

/** The facts of a property besides its type. */
export interface Property {
  /**
   * `patch`: a PATCH may set it to anything of its type. `trueOnly`: a PATCH may only set it to true, and Azure refuses
   * false and null. `creation`: it is set when the resource is created, and never after. A property that is not listed
   * is read-only, or would move the resource to other owners.
   */
  readonly change: 'patch' | 'trueOnly' | 'creation';
  /** The risk of a change at least, whatever a rule calls it; `safe` without. */
  readonly risk?: Risk;
  /**
   * The value that Azure gives an absent property; for an object, the members that are not null then. Repairs and runbooks use
   * it. What absence means to a verdict is in the rule.
   */
  readonly azureDefault?: Json;
  /** Properties that Azure wants set as well. */
  readonly needs?: JsonObject;
  /** The API version from which on a template that leaves it out does not leave it unset. */
  readonly setByAzureSince?: string;
}

/** The table of Azure Resource Graph that holds a resource type, and the columns that are read. */
export interface ResourceGraphTable {
  readonly table: 'resources';
  readonly columns: Readonly<Record<string, GraphColumn>>;
}

/**
 * A column: `text` as it is; `lowered` is text that Resource Graph writes in lower case; `dynamic` holds JSON; `unread`
 * is returned, and not looked into by a query.
 */
export type GraphColumn = 'text' | 'lowered' | 'dynamic' | 'unread';

/** The recycle bin of a resource type, as ARM spells it. */
export interface RecycleBinSpelling {
  /** The collection of deleted ones in a subscription, and in each of its regions: `deletedVaults`. */
  readonly collection: string;
  /** The collection in each region that tells how long operations go: `operationResults`. */
  readonly operationResults: string;
  /** The property of an entry that holds the id that it had: `vaultId`. */
  readonly formerId: string;
  /** The body of the PUT that recovers one, without location and tags. Azure ignores all else in it. */
  readonly recoveryBody: (tenantId: string) => JsonObject;
}

/** A Terraform resource and its arguments. */
interface TerraformSpelling {
  readonly resource: string;
  readonly arguments: readonly TerraformArgument[];
}

/** An argument or nested block of a Terraform resource, and the property that it sets. */
export interface TerraformArgument {
  readonly name: string;
  /** A property, or the path to a part of one: `sku.name`. */
  readonly property: string;
  /**
   * The form of its value, where the property takes another: `state` is true for `Enabled` and false for `Disabled`, `negated`
   * is true for false, `object` is a block that stands at most once, `list` is a block that is repeated, or a list or map.
   */
  readonly as?: 'state' | 'negated' | 'object' | 'list';
  /** The value that the provider sends where the argument is not written; without it none is sent. */
  readonly otherwise?: boolean;
  /** The arguments of such a block, and the members that they set. */
  readonly members?: readonly TerraformMember[];
  /** True for the argument to write; an argument of an older version, or of other values, is only read. */
  readonly written?: boolean;
  /** The arguments of a block, all of which must be written; `otherwise` is written where a fix names no value. */
  readonly block?: readonly {
    readonly name: string;
    readonly property: string;
    readonly otherwise: string;
  }[];
}

/** An argument of a block, and the member that it sets. */
export interface TerraformMember {
  readonly name: string;
  /** A member, or the path to a part of one: `permissions.keys`. */
  readonly property: string;
  /** The member that each text of a list is, where the list is one of objects. */
  readonly each?: string;
}

/** The Azure Verified Modules that declare a resource type. */
interface VerifiedModules {
  /** The path in Microsoft's registry: `avm/res/key-vault/vault`. */
  readonly bicep: string;
  /** Parameters that are not named as the property that they set. */
  readonly bicepParameters: Readonly<Record<string, string>>;
  /** The name in the Terraform registry: `Azure/avm-res-keyvault-vault/azurerm`. */
  readonly terraform: string;
  readonly terraformArguments: readonly TerraformArgument[];
}
