/** One of the errors inside an error of Azure's. */
export interface FailureDetail {
  readonly code: string;
  readonly message: string;
}

/** Azure's answer when it would not do what was asked. `status` is 0 when no answer came. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The more telling code of `innererror`, such as Key Vault's `ForbiddenByFirewall`; absent where there is none. */
  readonly innerCode?: string;
  /** The errors inside that error, outermost first. */
  readonly details: readonly FailureDetail[];
  readonly requestId: string;
  /** False where a proxy, a gateway or a firewall answered in Azure's place. */
  readonly fromAzure: boolean;
  /** The wait that Azure asks for; absent when it gives none. */
  readonly retryAfterMs?: number;
  /** The reason not to repeat a request that might succeed; absent where there is time for it. */
  readonly outOfTime?: string;
  /** Names of the policies that deny the request. */
  readonly policies: readonly string[];
}
