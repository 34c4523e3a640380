import { tryParseJson } from '../documents/json/parse.ts';
import { repeatedKeys } from '../documents/json/repeated-keys.ts';
import { PolicyError, UsageError } from '../model/errors.ts';
import { isJsonObject, type Json, parseJson } from '../model/json.ts';
import type { Plan, PlanStep } from '../model/plan.ts';
import { readDocument } from '../documents/read-document.ts';
import { inReadingOrder, locateAll } from '../documents/document.ts';
import { validateBy } from '../documents/schema/validate.ts';
import { digest } from './canonical-json.ts';
import { refuseChanges } from './patchable.ts';
import { planSchema } from './plan-schema.ts';

/** Adds the hash to a plan. */
export function sealPlan(content: Omit<Plan, 'hash'>): Plan {
  return { ...content, hash: hashOf(content) };
}

/**
 * Reads a plan file. Throws PolicyError with every place where it is not a plan, and UsageError when it was edited
 * since it was made.
 */
export function parsePlan(bytes: Uint8Array, file: string): Plan {
  const plan = validPlan(bytes, file);
  const edited = 'Plans are not edited. Make a new one: `purgeproof plan --out plan.json`';
  if (hashOf(plan) !== plan.hash)
    throw new UsageError(`${file} was edited after it was made: its hash does not fit its content.`, edited);
  const fault = stepFault(plan.steps);
  if (fault !== undefined) throw new UsageError(`${file} cannot be applied: ${fault}`, edited);
  return plan;
}

const validate = validateBy(planSchema);

function validPlan(bytes: Uint8Array, file: string): Plan {
  const parsed = tryParseJson(bytes);
  if (parsed !== undefined && isPlan(parsed) && !repeatsKeys(bytes, parsed)) return parsed;
  const { document, problems } = readDocument({ file, bytes });
  if (document === undefined || problems.length > 0) throw new PolicyError(problems);
  const mistakes = validate(document.value);
  const located = locateAll(document, mistakes);
  // YAML that says the same is no plan file: only JSON was hashed.
  const unexplained = { file, line: 1, column: 1, message: 'a plan file is JSON' };
  throw new PolicyError(located.length === 0 ? [unexplained] : inReadingOrder(located));
}

/** A person reads the first value of a repeated key, and the parser the last: the hash would vouch for what nobody saw. */
function repeatsKeys(bytes: Uint8Array, parsed: Json): boolean {
  return repeatedKeys(new TextDecoder().decode(bytes), parsed).length > 0;
}

/** The schema says everything that the type says. */
function isPlan(value: unknown): value is Plan {
  return isJsonObject(value) && validate(value).length === 0;
}

function hashOf(plan: Omit<Plan, 'hash'>): string {
  return digest(parseJson(JSON.stringify({ ...plan, hash: undefined })));
}

/** Mistakes that neither hash nor schema reveal; a plan that we made never has them. */
function stepFault(steps: readonly PlanStep[]): string | undefined {
  const vaults = new Set<string>();
  for (const { id, vault, changes } of steps) {
    const key = vault.id.toLowerCase();
    if (vaults.has(key)) return `two of its steps change ${vault.id}.`;
    vaults.add(key);
    const refused = refuseChanges(changes, vault.type);
    if (refused !== undefined) return `step ${id} may not be sent: ${refused}`;
  }
  return undefined;
}
