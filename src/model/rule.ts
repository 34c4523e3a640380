import type { MappedControls } from './control.ts';
import type { Json, JsonObject } from './json.ts';
import type { Location } from './location.ts';
import type { Risk } from './risk.ts';
import type { Severity } from './severity.ts';

/** A parameter of a rule, in Azure Policy's words. */
export interface ParameterDefinition {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  /** Absent in a definition of Azure Policy whose users have to set a value. */
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allowedValues?: readonly Json[];
}

/** The fix of a failed rule: a patch, manual steps, or both. */
export type Remediation = { readonly risk: Risk } & (
  | {
      /** A JSON merge patch (RFC 7396) over the resource. */
      readonly patch: JsonObject;
      /** Plain text for a person: what to know before the patch is sent. */
      readonly manual?: string;
    }
  | {
      /** No write can fix it. */
      readonly patch?: never;
      /** Plain text for a person: what to do. */
      readonly manual: string;
    }
);

/** Resource bodies that show the rule at work; from them come its tests and its doc page. */
export interface Examples {
  readonly pass: readonly JsonObject[];
  readonly fail: readonly JsonObject[];
  readonly notApplicable: readonly JsonObject[];
  /** Too little is known of them: a value that does not fit its field, or a fact that is missing. */
  readonly unknown: readonly JsonObject[];
}

/** The verdict that an example shows. */
export type ExampleKind = keyof Examples;

/** The definition of Azure Policy that a rule was read from. */
export interface PolicyOrigin {
  /** Its id in Azure, where the file has it. */
  readonly definitionId?: string;
  readonly version?: string;
  readonly category?: string;
  /** The name of the initiative that it is judged as a part of. */
  readonly initiative?: string;
  /** Its effect: a word of Azure Policy, or an expression over its parameters. */
  readonly effect: Json;
  /** One sentence: why nothing can be judged by it. Absent where its effect alone decides. */
  readonly notEvaluated?: string;
  /** The values of the parameters that its conditions name, where an initiative passes them, over those of the rule. */
  readonly passed?: Readonly<Record<string, Json>>;
}

/** One rule, as loaded from a file and validated. Parameters are not yet resolved. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly resourceTypes: readonly string[];
  readonly when?: Condition;
  readonly require: Condition;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** The meaning of an absent field to the service, by field path: shown in evidence as `unset (…)`. */
  readonly unset: Readonly<Record<string, string>>;
  readonly remediation?: Remediation;
  /** Control ids by framework: `{ "CIS-Azure-6.0": ["8.3.5"] }`. */
  readonly controls: Readonly<Record<string, readonly string[]>>;
  /** The same controls by those who say that the rule serves them; absent for a definition of Azure Policy. */
  readonly controlMappings?: Readonly<Record<string, MappedControls>>;
  /** The policy definitions of Azure that require the same: ARM ids, or names of built-in ones. */
  readonly azurePolicies?: readonly string[];
  readonly references: readonly string[];
  readonly examples: Examples;
  /** The place of the rule's `id`. */
  readonly location: Location;
  /** True for a rule that ships with purgeproof. */
  readonly builtIn: boolean;
  /** Absent for a rule that is written in a rule file. */
  readonly policy?: PolicyOrigin;
}

/** The value of a field that a condition compares; `undefined` where the field is missing. */
export type Actual = Json | undefined;

/** The operand of a condition: a field of the resource by canonical path, or by an expression; or a value, literal or computed. */
type Operand =
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'value'; readonly value: Json };

/** Azure Policy's `count`: the elements of an array, optionally only those for which `where` holds. */
export interface Count {
  readonly field: string;
  readonly where?: Condition;
}

/** Azure Policy's `count` of a list that is no field. In `where`, `current('name')` is the element. */
export interface ValueCount {
  readonly value: Json;
  readonly name: string;
  readonly where?: Condition;
}

/** One comparison. `operator` is a key of the operator registry; `expected` may be an expression, such as `[parameters('name')]`. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly operand:
    | Operand
    | ({ readonly kind: 'count' } & Count)
    | ({ readonly kind: 'valueCount' } & ValueCount);
  readonly operator: string;
  readonly expected: Json;
}

/** The condition language of Azure Policy, after parsing. */
export type Condition =
  | { readonly kind: 'allOf'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'anyOf'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | Comparison;
