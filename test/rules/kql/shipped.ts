import { fileURLToPath } from 'node:url';
import { type CompiledRule, compileRule } from '../../../src/rules/evaluate.ts';
import { loadRules } from '../../../src/rules/load/rules.ts';
import { policyFiles } from '../../../src/files/policy-files.ts';

/** The rules that ship with purgeproof, with the defaults of their parameters. */
export async function shippedRules(): Promise<readonly CompiledRule[]> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const files = await policyFiles({ packageRoot: root, cwd: root }).builtIn();
  return loadRules(files).rules.map((rule) => compileRule(rule, {}));
}
