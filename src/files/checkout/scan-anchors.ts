import { resolve } from 'node:path';
import type { Anchoring, AnchorRequest } from '../../model/anchors.ts';
import { fallbackAnchors, workflowFileIn } from '../../usecases/anchors.ts';
import { checkoutOf, relativeInCheckout } from './checkout.ts';

/** The surroundings of a checkout. Paths of a request are taken from `cwd`. */
export interface CheckoutSurroundings {
  readonly cwd: string;
  /** `GITHUB_WORKFLOW_REF` as the runner sets it. */
  readonly workflowRef: string | undefined;
  /** Aborts the search: findings are then not shown in infrastructure code. */
  readonly signal: AbortSignal;
}

/**
 * Finds where code scanning shows each finding: the infrastructure code that declares its resource, else the fallback
 * files. Every path is relative to the root of the checkout that holds `sourceRoot`. A problem with infrastructure
 * code becomes a note and is never thrown: the reports of a finished scan do not depend on it.
 */
export async function scanAnchors(
  request: AnchorRequest,
  { cwd, workflowRef, signal }: CheckoutSurroundings,
): Promise<Anchoring> {
  const { findings, resources, rules, sourceRoot, configFile } = request;
  const root = await checkoutOf(sourceRoot === undefined ? cwd : resolve(cwd, sourceRoot));
  const workflowFile = workflowFileIn(workflowRef);
  const inCheckout = (file: string): Promise<string | undefined> =>
    relativeInCheckout(root, resolve(cwd, file));
  const fallback = await fallbackAnchors(rules, {
    inCheckout,
    ...(configFile === undefined ? {} : { configFile }),
    ...(workflowFile === undefined ? {} : { workflowFile }),
    written: request.written,
  });
  if (sourceRoot === undefined || findings.length === 0) return { anchor: fallback, notes: [] };
  const written = new Set(await Promise.all(request.written.map(inCheckout)));
  const unanchored = (note: string): Anchoring => ({ anchor: fallback, notes: [note] });
  try {
    // A scan without infrastructure code must not wait for what reads it.
    const { codeAnchors } = await import('./code-anchors.ts');
    const code = { sourceRoot: resolve(cwd, sourceRoot), checkout: root, written };
    return (
      (await codeAnchors({ findings, resources, code, fallback, signal })) ?? unanchored(interruptedNote)
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unanchored(`No finding is shown in infrastructure code, which could not be read: ${reason}`);
  }
}

const interruptedNote = 'Interrupted: no finding is shown in infrastructure code.';
