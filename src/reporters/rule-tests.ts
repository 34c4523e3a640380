import { evidenceToJson } from '../model/evidence.ts';
import { type Problem, problemLine } from '../model/errors.ts';
import type { Location } from '../model/location.ts';
import type { ExampleKind } from '../model/rule.ts';
import { type CoverageGap, isTestPassed, type RuleTest, type RuleTests } from '../model/rule-tests.ts';
import type { Format, Terminal } from './format.ts';
import { streamJson } from './json-stream.ts';
import { styleFor, type TerminalStyle } from './terminal/style.ts';
import { attributes, type TestCase, type TestOutcome, testXml } from './text/junit.ts';
import { terminalText } from './text/terminal.ts';
import { count } from './words/counts.ts';
import { evidenceWords } from './words/values.ts';

/** A format of the tests of rules. */
type RuleTestsFormat = Format<RuleTests, Terminal>;

/** Each rule in a line, below it what is wrong and what is not shown, and at the end the result. */
function* renderTable(tests: RuleTests, terminal: Terminal): Iterable<string> {
  const style = styleFor(terminal);
  for (const rule of tests.rules) yield* ruleLines(rule, tests.strict, style);
  for (const problem of tests.notTested) yield `${terminalText(problemLine(problem))}\n`;
  if (tests.notTested.length > 0) yield '\n';
  yield `${resultWords(tests)}\n`;
}

function* ruleLines(rule: RuleTest, strict: boolean, { colors }: TerminalStyle): Iterable<string> {
  const { id, name, examples, toShow, gaps, location } = rule;
  const isRight = isTestPassed(rule, strict);
  const paint = isRight ? (gaps.length === 0 ? colors.green : colors.yellow) : colors.red;
  const shown = `${count(examples.length, 'example')}, ${toShow - gaps.length} of ${toShow} shown`;
  yield `${paint(isRight ? 'pass' : 'FAIL')}  ${colors.bold(terminalText(`${id} ${name}`))}  ${shown}\n`;
  if (examples.length === 0) yield lineAt({ ...location, message: noExample });
  for (const { problem, kind, number, location: place } of examples)
    if (problem !== undefined) yield lineAt({ ...place, message: `${kind} ${number}: ${problem}` });
  for (const { message, location: place } of gaps) yield lineAt({ ...place, message });
  yield* proposalLines(gaps);
  if (!isRight || gaps.length > 0) yield '\n';
}

const noExample = 'there is no example, so nothing shows that the rule works';

function lineAt(problem: Problem): string {
  return `${terminalText(problemLine(problem))}\n`;
}

/** The examples that would show what is missing, as a rule file takes them below `examples`. */
function* proposalLines(gaps: readonly CoverageGap[]): Iterable<string> {
  const byKind = new Map<ExampleKind, Set<string>>();
  for (const { proposal } of gaps) {
    if (proposal === undefined) continue;
    const texts = byKind.get(proposal.kind) ?? new Set();
    byKind.set(proposal.kind, texts.add(proposal.yaml));
  }
  if (byKind.size === 0) return;
  yield 'Add these where you agree; they stand under the verdict that the rule gives them now:\n';
  yield 'examples:\n';
  for (const [kind, texts] of byKind) {
    yield `  ${kind}:\n`;
    for (const text of texts) yield `    - ${terminalText(text)}\n`;
  }
}

function resultWords({ rules, strict }: RuleTests): string {
  const examples = rules.flatMap((rule) => rule.examples);
  const wrong = examples.filter(({ problem }) => problem !== undefined).length;
  const missing = rules.reduce((sum, { gaps }) => sum + gaps.length, 0);
  const without = rules.filter((rule) => rule.examples.length === 0).length;
  const parts = [
    wrong === 0 ? 'none wrong' : `${wrong} wrong`,
    ...(without === 0 ? [] : [`${count(without, 'rule')} without any`]),
    ...(missing === 0
      ? ['everything shown']
      : [`${missing} not shown${strict ? '' : ' (--strict fails for that)'}`]),
  ];
  return `${count(rules.length, 'rule')}, ${count(examples.length, 'example')}: ${parts.join(', ')}.`;
}

function* renderJson({ rules, notTested, strict }: RuleTests): Iterable<string> {
  yield* streamJson({
    schemaVersion: '1.0',
    passed: rules.every((rule) => isTestPassed(rule, strict)),
    strict,
    rules: rules.map((rule) => ({
      id: rule.id,
      name: rule.name,
      passed: isTestPassed(rule, strict),
      ...placeOf(rule.location),
      examples: rule.examples.map(({ kind, number, found, evidence, problem, location }) => ({
        kind,
        number,
        found,
        passed: problem === undefined,
        problem,
        evidence: evidence.map(evidenceToJson),
        ...placeOf(location),
      })),
      coverage: {
        toShow: rule.toShow,
        shown: rule.toShow - rule.gaps.length,
        missing: rule.gaps.map(gapInOrder),
      },
    })),
    notTested: notTested.map(({ message, ...place }) => ({ message, ...placeOf(place) })),
  });
  yield '\n';
}

function gapInOrder({ kind, of, is, message, location, proposal }: CoverageGap): object {
  const shown = proposal && { kind: proposal.kind, body: proposal.body };
  return { kind, of, is, message, ...placeOf(location), proposal: shown };
}

function placeOf({ file, line, column }: Location): Location {
  return { file, line, column };
}

/** A suite for each rule with a test for each example, and one for each thing that none shows: skipped unless `strict`. */
function* renderJunit({ rules, strict }: RuleTests): Iterable<string> {
  const suites = rules.map((rule) => ({ rule, tests: testsOf(rule, strict) }));
  const { tests: amount, failures, errors } = countsOf(suites.flatMap(({ tests }) => tests));
  const total = { name: 'purgeproof rules', tests: amount, failures, errors, time: '0' };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(total)}>\n`;
  for (const { rule, tests } of suites) {
    const name = `${rule.id} ${rule.name}`;
    yield `  <testsuite${attributes({ name, ...countsOf(tests), time: '0' })}>\n`;
    for (const test of tests) yield testXml(test);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function countsOf(tests: readonly TestCase[]) {
  const amount = (wanted: string) => String(tests.filter(({ outcome }) => outcome?.kind === wanted).length);
  return {
    tests: String(tests.length),
    failures: amount('failure'),
    errors: amount('error'),
    skipped: amount('skipped'),
  };
}

function testsOf({ id, examples, gaps, location }: RuleTest, strict: boolean): readonly TestCase[] {
  const classname = `purgeproof.rules.${id}`;
  const test = (name: string, outcome?: TestOutcome): TestCase => ({ classname, name, outcome });
  const judged = examples.map(({ kind, number, problem: message, evidence, location: place }) =>
    message === undefined
      ? test(`${kind} ${number}`)
      : test(`${kind} ${number}`, {
          ...outcomeAt({ ...place, message }, 'example'),
          lines: [problemLine({ ...place, message }), ...evidenceWords(evidence)],
        }),
  );
  const missing = gaps.map(({ message, location: place }) => {
    const outcome = outcomeAt({ ...place, message }, 'coverage');
    return test(message, strict ? outcome : { ...outcome, kind: 'skipped' });
  });
  const none = test('examples', outcomeAt({ ...location, message: noExample }, 'examples'));
  return [...(examples.length === 0 ? [none] : judged), ...missing];
}

function outcomeAt(problem: Problem, type: string): TestOutcome {
  return { kind: 'failure', type, message: problem.message, lines: [problemLine(problem)] };
}

/** The formats of the tests of rules, in the order in which help lists them; the first is the default. */
export const ruleTestsFormats = {
  table: { extension: 'txt', render: renderTable },
  json: { extension: 'json', render: renderJson },
  junit: { extension: 'xml', render: renderJunit },
} as const satisfies Readonly<Record<string, RuleTestsFormat>>;
