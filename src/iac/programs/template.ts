import type { Location } from '../../model/location.ts';
import type { Values } from '../evaluation/value.ts';
import type { Expression, Loop } from '../languages/expression.ts';
import type { TemplateData } from './template-data.ts';

/** A parameter of a template, a variable of a Terraform module. Names are in lower case. */
export interface Parameter {
  readonly default?: Expression;
  /** The values that the template admits. */
  readonly allowed?: Expression;
  /** True where it is null unless it is given. */
  readonly isNullable?: boolean;
  /** True where its type fills in members that an object lacks: Terraform's `optional(bool, true)`. */
  readonly hasOptionalMembers?: boolean;
}

/** A value and where it is written. */
export interface LocatedValue {
  readonly at: Location;
  readonly value: Expression;
}

/** A vault as the text declares it, once for all iterations of its loop. Properties go by canonical path in lower case. */
export interface VaultBlock {
  /** The resource type, in Azure's own spelling; an expression of azapi's, which has a version as well. */
  readonly type: string | Expression;
  readonly at: Location;
  readonly name?: Expression;
  readonly subscription?: Expression;
  readonly resourceGroup?: Expression;
  /** Nothing is deployed where this is false. */
  readonly condition?: Expression;
  readonly location?: Expression;
  readonly tags?: Expression;
  readonly properties: ReadonlyMap<string, LocatedValue>;
  /** An object as ARM takes it, with the properties, the tags and the location. */
  readonly body: Expression;
  /** The API version that it is deployed with; without one it is that of a provider, which decides by itself. */
  readonly apiVersion?: Expression;
  /** Paths of fields that its declaration does not show. */
  readonly unknownPaths?: readonly string[];
  /** True for a call of a module that is not here: what is not written may be set by it. */
  readonly isOfModule?: true;
  readonly loop?: Loop;
  /** Its name in the template, as in an `import` block of Terraform: `azurerm_key_vault.main`. */
  readonly address: string;
  /** The Terraform provider that creates it: `azurerm`, or `azurerm.hub` with its alias. */
  readonly provider?: string;
}

/** A template that is deployed by another: by its key, written inside, or a value. */
export interface ModuleCall {
  readonly target: string | Template | TemplateData;
  readonly arguments: ReadonlyMap<string, LocatedValue>;
  /** True where there are arguments, and not even their names can be read here. */
  readonly hasUnreadArguments?: boolean;
  readonly subscription?: Expression;
  readonly resourceGroup?: Expression;
  /** Nothing is deployed where this is false. */
  readonly condition?: Expression;
  readonly loop?: Loop;
  /** The name of the call in the address of what it declares: `module.kv`. */
  readonly symbol: string;
  readonly at: Location;
  /** The caller's providers that Terraform passes to the module, by the module's own names of them. */
  readonly providers?: ReadonlyMap<string, string>;
  readonly provider?: string;
  /** In a loop, the key of each turn's outputs: `outputs` of Bicep's `naming[0].outputs`. */
  readonly outputsKey?: string;
}

/** A `provider` block of Terraform: where the resources go that it creates. */
export interface ProviderBlock {
  readonly subscription?: Expression;
  /** The `for_each` of OpenTofu. */
  readonly loop?: Loop;
}

/** A function that the text defines. */
export interface WrittenFunction {
  readonly parameters: readonly string[];
  readonly body: Expression;
}

/** A function that depends on its caller: `get_terragrunt_dir()`. Its result may be the names of another template. */
export type LocalFunction = (args: readonly Values[]) => Values | ImportedName;

/** A name for one of another template's names, or for all of them: `import * as shared from 'shared.bicep'`. */
export interface ImportedName {
  /** The key of a template, or the template. */
  readonly from: string | Template;
  readonly name?: string;
}

/** One step of the address of a resource: `module.kv["a"]`, `azurerm_key_vault.main[0]`. */
export interface AddressStep {
  readonly name: string;
  readonly key?: Expression;
}

/** An `import` block of Terraform: the ARM id of the resource at an address. */
export interface ImportBlock {
  readonly address: readonly AddressStep[];
  readonly id: Expression;
  readonly loop?: Loop;
}

/** A Bicep file, an ARM template, or the Terraform files of a folder: what declares vaults. */
export interface Template {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Variables, locals, and the attributes of resources: what a reference may name. */
  readonly values: ReadonlyMap<string, Expression>;
  readonly vaults: readonly VaultBlock[];
  readonly calls: readonly ModuleCall[];
  readonly outputs: ReadonlyMap<string, Expression>;
  /** Calls by the name of their outputs: `module.naming` of Terraform, `naming.outputs` of Bicep. */
  readonly modules: ReadonlyMap<string, ModuleCall>;
  readonly functions: ReadonlyMap<string, WrittenFunction | LocalFunction>;
  readonly imports: ReadonlyMap<string, ImportedName>;
  readonly importBlocks: readonly ImportBlock[];
  /** Terraform's providers by name, with their alias: `azurerm`, `azurerm.hub`. */
  readonly providers: ReadonlyMap<string, ProviderBlock>;
  /** Paths of what other resources of the template may change in a vault, such as its access policies. */
  readonly changed: readonly string[];
  readonly unfollowed: readonly UnfollowedCall[];
  /** Its folder in the checkout: files that it loads are named from there. */
  readonly folder: string;
}

/** A call of a template that is not here, by its path or address; `isModule` for one of a registry or another repository. */
export interface UnfollowedCall {
  readonly at: Location;
  readonly target: string | undefined;
  readonly symbol: string;
  readonly isModule?: true;
}

/** A template that declares nothing. */
export const emptyTemplate: Template = {
  parameters: new Map(),
  values: new Map(),
  vaults: [],
  calls: [],
  outputs: new Map(),
  modules: new Map(),
  functions: new Map(),
  imports: new Map(),
  importBlocks: [],
  providers: new Map(),
  changed: [],
  unfollowed: [],
  folder: '',
};

/** Values for the parameters of a template by its key, from a parameter file; `isPartial` where it may have others. */
export interface ParameterFile {
  /** Its path in the checkout, to name it by. */
  readonly file: string;
  readonly template: string;
  readonly arguments: ReadonlyMap<string, LocatedValue>;
  /** The names of the file itself. */
  readonly context: Template;
  /** True where the template is never deployed without it, and its defaults do not count where this has values. */
  readonly isOwn?: boolean;
  readonly isPartial?: boolean;
  /** The subscription that it gives Terraform's providers which name none. */
  readonly subscription?: Expression;
  /** Terraform's providers that it writes into the template. */
  readonly providers?: ReadonlyMap<string, ProviderBlock>;
}
