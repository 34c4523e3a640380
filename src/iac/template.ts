import type { Location } from '../model/location.ts';
import type { Expression } from './syntax/expression.ts';

/** The two kinds of resource that purgeproof judges. */
export type VaultType = 'vault' | 'managedHsm';

/** A parameter of a template, a variable of a Terraform module. Names are in lower case. */
export interface Parameter {
  readonly default?: Expression;
  /** The values that the template admits. */
  readonly allowed?: Expression;
}

/** A value and where it is written. */
export interface Written {
  readonly at: Location;
  readonly value: Expression;
}

/** A resource or module call for each element of `over`: of a list, a map, or so many times. */
export interface Loop {
  readonly over: Expression;
  readonly keyName?: string;
  readonly valueName?: string;
  /** Terraform's sets: the key of an element is the element itself. */
  readonly keyedByItem: boolean;
}

/** A vault as the text declares it, once for all turns of its loop. Properties go by canonical path in lower case. */
export interface VaultBlock {
  readonly type: VaultType;
  readonly at: Location;
  readonly name?: Expression;
  readonly resourceGroup?: Expression;
  readonly tags?: Expression;
  readonly properties: ReadonlyMap<string, Written>;
  readonly loop?: Loop;
  /** ARM ids that the text gives it, as an `import` block does. */
  readonly resourceIds: readonly string[];
}

/** A template that is deployed by another: by the key of a template, or written inside. */
export interface ModuleCall {
  readonly target: string | Template;
  readonly arguments: ReadonlyMap<string, Written>;
  readonly resourceGroup?: Expression;
  readonly loop?: Loop;
}

/** A Bicep file, an ARM template, or the `.tf` files of a folder: what declares vaults. */
export interface Template {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Variables, locals, and the attributes of resources: what a reference may name. */
  readonly values: ReadonlyMap<string, Expression>;
  readonly vaults: readonly VaultBlock[];
  readonly calls: readonly ModuleCall[];
}

/** Values for the parameters of a template, from a parameter file. `template` is a template's key. */
export interface ParameterFile {
  readonly template: string;
  readonly arguments: ReadonlyMap<string, Written>;
  /** Variables of the file itself. */
  readonly values: ReadonlyMap<string, Expression>;
}
