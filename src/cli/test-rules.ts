import { checkDestinations } from '../files/destinations/check.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { policyFiles } from '../files/policy-files.ts';
import { UsageError } from '../model/errors.ts';
import type { JsonPath } from '../model/json.ts';
import type { Location } from '../model/location.ts';
import type { Rule } from '../model/rule.ts';
import { isTestPassed, type RuleTests } from '../model/rule-tests.ts';
import type { PolicyFile, PolicyFiles } from '../model/settings.ts';
import { ruleTestsFormats } from '../reporters/rule-tests.ts';
import { testRule } from '../rules/examples/test-rule.ts';
import { findRules } from '../rules/find-rule.ts';
import { type LoadedRules, loadRules } from '../rules/load/rules.ts';
import { readRules } from '../usecases/settings/load-policies.ts';
import { unknownRules } from '../usecases/settings/rules-found.ts';
import type { CommandContext } from './context.ts';
import { readDestinations } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { terminalOf } from './terminal.ts';

/** The flags of `rules test`. */
export interface TestFlags {
  readonly builtIn?: true;
  readonly rule: readonly string[];
  readonly strict?: true;
  readonly output: readonly string[];
  readonly color: boolean;
}

const usualFolder = 'policies';

/** Tests the rules at some paths, and returns the exit code. Without a path, those in the folder `policies`. */
export async function testRuleFiles(
  given: readonly string[],
  options: TestFlags,
  { world }: CommandContext,
): Promise<number> {
  const { builtIn = false, rule: only, strict = false } = options;
  const destinations = readDestinations(options.output, ruleTestsFormats);
  const own = policyFiles(world);
  const paths = given.length > 0 || builtIn ? given : [usualFolder];
  if (given.length === 0 && !builtIn && (await own.describeMismatch(usualFolder, 'folder')) !== undefined)
    throw new UsageError(
      `There is no folder ${usualFolder} here, and no rules are named.`,
      'Name files or folders with rules, or test the rules that ship with it: --built-in.',
    );
  const inPackage = builtIn
    ? await policyFiles({ ...world, cwd: world.packageRoot }).read([usualFolder])
    : [];
  const tests = await testRules(own, { paths, inPackage, only, strict });
  await checkDestinations(destinations, {
    cwd: world.cwd,
    files: tests.rules.map(({ location }) => location.file),
  });
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(tests, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, tests.rules.every((one) => isTestPassed(one, strict)) ? 0 : 1, world);
}

/** The rules to test. */
interface RuleTestRequest {
  /** Files and folders of the user. */
  readonly paths: readonly string[];
  /** The files of the rules that ship with purgeproof, where they are to be tested. */
  readonly inPackage: readonly PolicyFile[];
  /** Ids or names; none for every rule. */
  readonly only: readonly string[];
  readonly strict: boolean;
}

/**
 * Tests rules by their examples. Throws PolicyError for files that are no rules, and UsageError where there is nothing to test:
 * nothing that was tested is no success.
 */
async function testRules(
  files: PolicyFiles,
  { paths, inPackage, only, strict }: RuleTestRequest,
): Promise<RuleTests> {
  const policyPaths = paths.map((path) => ({ path, origin: path }));
  const own = await readRules(files, { policyPaths, defaultPolicies: true, judgesExamples: false });
  const shipped = loadRules(
    inPackage.map((file) => ({ ...file, builtIn: true })),
    { verifyBuiltIn: true, judgesExamples: false },
  );
  const found = [...shipped.rules, ...own.rules.filter(({ builtIn }) => !builtIn)];
  const chosen = chosenRules(found, only);
  const rules = chosen.filter(({ policy }) => policy === undefined);
  const definitions = chosen.filter(({ policy }) => policy !== undefined);
  if (rules.length === 0)
    throw new UsageError(
      'There is no rule to test: definitions of Azure Policy have no examples.',
      'Name rule files, or folders that hold some.',
    );
  return {
    rules: rules.map((rule) => testRule(rule, placesOf(rule, rule.builtIn ? shipped : own))),
    notTested: definitions.map(({ id, location: { file, line, column } }) => ({
      file,
      line,
      column,
      message: `${id} is not tested: a definition of Azure Policy has no examples`,
    })),
    strict,
  };
}

function chosenRules(found: readonly Rule[], only: readonly string[]): readonly Rule[] {
  const mistakes = unknownRules(
    { named: found, areAll: true },
    only.map((rule) => ({ rule, origin: `--rule ${rule}` })),
  );
  const [first] = mistakes;
  if (first !== undefined)
    throw new UsageError(mistakes.map(({ message }) => message).join('\n'), first.hint);
  return only.length === 0 ? found : [...new Set(only.flatMap((id) => findRules(id, found)))];
}

function placesOf({ id, location }: Rule, { places }: LoadedRules): (path: JsonPath) => Location {
  const locate = places.get(id);
  return (path) => locate?.(path) ?? location;
}
