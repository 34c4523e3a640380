import type { RuleVerdict, StepPreview } from '../../model/apply.ts';
import type { JsonObject } from '../../model/json.ts';
import type { PlanVault } from '../../model/plan.ts';
import type { VaultState } from '../../model/vault-state.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { WriteAction, WriteSender } from '../../model/arm-ports.ts';
import type { Explanation } from '../../remediation/explanations.ts';
import type { Journal } from './journal.ts';
import type { StepOutcome } from './outcomes.ts';
import type { RetryOptions } from '../../model/retry.ts';
import type { StepHistory } from './step-history.ts';

/** Inputs and ports of carrying out a write. */
export interface WriteContext extends RetryOptions {
  readonly sender: WriteSender;
  /** Absent in a dry run, which sends nothing. */
  readonly journal?: Journal;
  readonly historyOf: Journal['historyOf'];
  /** The outcome of writes once the run can no longer send anything; `undefined` while it can. */
  readonly stopped: () => StepOutcome | undefined;
  /** Says that an entry could not be written. Nothing is sent after that. */
  readonly onJournalFailure: (error: unknown) => StepOutcome;
}

/** The end of a write, and what was read of its target by then. */
export interface WriteEnd {
  readonly stepOutcome: StepOutcome;
  /** Absent where no rules judge the target, or it was not read. */
  readonly verdicts?: readonly RuleVerdict[];
  readonly after?: VaultState;
}

/** A write that is ready to be sent, and the state that it was made for. */
export interface WriteRequest {
  readonly action: WriteAction;
  readonly before: VaultState;
}

/** The decision about the target as it was just read: send a request, or stop with an outcome. */
export type Decision =
  | ({
      readonly kind: 'send';
      readonly verdicts?: readonly RuleVerdict[];
      /** For whoever is asked; absent where the kind of write says it all. */
      readonly preview?: StepPreview;
    } & WriteRequest)
  | ({
      readonly kind: 'stop';
      /** The journal says so already. */
      readonly isKnown?: true;
    } & WriteEnd);

/** The effect of an accepted request. `isOpen`: Azure had not carried it out when the run was interrupted. */
export interface Verification extends WriteEnd {
  readonly isOpen?: boolean;
}

/**
 * A request that Azure has accepted. `followed`: Azure says that it was carried out. `isCut`: nobody waits for it any
 * more, so its target is read once.
 */
export interface AcceptedWrite extends WriteRequest {
  readonly followed: boolean;
  readonly isCut: boolean;
}

/** The differences of one kind of write from another: what is read before and after it, and what that means. */
export interface WriteProcedure {
  readonly kind: WriteAction['kind'];
  /** Names the write in journals and results. */
  readonly step: string;
  /** The target, by the id that it has when it is live. */
  readonly vault: Pick<PlanVault, 'id' | 'name' | 'type'>;
  /** The body that is planned, before anything was read. */
  readonly body: JsonObject;
  /** Reads the target, and compares it with the history of the write. */
  decide(history: StepHistory, context: WriteContext): Promise<Decision>;
  /** Reads the target right before the request: an end where it must not be sent after all. */
  recheck(request: WriteRequest, context: WriteContext): Promise<WriteEnd | undefined>;
  explain(refusal: Refusal): Explanation;
  /** Reads the target after Azure has accepted the request. Goes on after an interruption. */
  verify(accepted: AcceptedWrite, context: WriteContext): Promise<Verification>;
}
