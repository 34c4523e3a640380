import type { Condition } from './rule.ts';
import type { Json, JsonObject } from './json.ts';
import type { ReportScope } from './coverage.ts';
import type { Risk } from './risk.ts';
import type { Severity } from './severity.ts';
import type { Tool } from './tool.ts';
import type { VaultState } from './vault-state.ts';

/** The vault (or managed HSM) that a step changes. `tenantId` is the vault's own directory. */
export interface PlanVault {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tenantId: string;
}

/** A rule that a step closes: enough of it to judge the vault by the very same rule when the plan is applied. */
export interface PlanRule {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly risk: Risk;
  /** The patch of the rule: a JSON merge patch (RFC 7396) of the vault, of which the step sends the changes. */
  readonly patch: JsonObject;
  readonly when?: Condition;
  readonly require: Condition;
  /** Values of the rule's parameters in force. */
  readonly parameters: Readonly<Record<string, Json>>;
}

/** Something that would make Azure refuse the step, seen beforehand. */
export interface Precondition {
  readonly kind: 'readOnlyLock' | 'disabledSubscription' | 'missingPermission' | 'notChecked';
  readonly scope: string;
  readonly message: string;
}

/** One vault, one request: everything that is to change, why, and what it means. */
export interface PlanStep {
  /** Names the step in flags and journals; depends on the vault's id alone. */
  readonly id: string;
  readonly vault: PlanVault;
  readonly before: VaultState;
  /** The body of the PATCH request: only what changes. */
  readonly changes: JsonObject;
  readonly rules: readonly PlanRule[];
  /** The worst of its rules. */
  readonly risk: Risk;
  /** In words: what can never be undone, for how long a name is taken, who may be cut off. */
  readonly consequences: readonly string[];
  readonly preconditions: readonly Precondition[];
}

/** A finding that no request can fix, or none that is safe: why, and what a person does, in order. */
export interface ManualItem {
  readonly vault: PlanVault;
  readonly rule: Pick<PlanRule, 'id' | 'name' | 'title' | 'severity'>;
  readonly reason: string;
  readonly runbook: readonly string[];
}

/** A plan file, version 1.0. Times are ISO 8601 UTC. */
export interface Plan {
  readonly schemaVersion: '1.0';
  readonly tool: Tool;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The directory that the caller was signed in to. */
  readonly tenantId: string;
  readonly scope: ReportScope;
  readonly steps: readonly PlanStep[];
  readonly manual: readonly ManualItem[];
  /** Lower-case hex SHA-256 over the canonical JSON of all the rest. */
  readonly hash: string;
}

/** The most resources that one run changes, where the user names no other number. */
export const defaultMaxChanges = 25;
