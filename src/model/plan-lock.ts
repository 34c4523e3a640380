/** Keeps a plan to one process at a time, whatever its journal is called. */
export interface PlanLock {
  /** Returns what gives the plan free again. Throws UsageError where another process is applying it. */
  acquire(): Promise<() => Promise<void>>;
}
