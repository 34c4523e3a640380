// Names the tests that failed in the runs given as `report=exit code`; the last line is what passed and failed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** What was not decided counts as failed: a test that was not ended, a file without tests that broke off, a run without a report. */
function count(report, exitCode) {
  let run;
  try {
    run = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const failures = run.testResults.flatMap(failuresOf);
  for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
  return {
    passed: run.numPassedTests,
    failed: failures.length === 0 && exitCode !== '0' ? 1 : failures.length,
  };
}

function failuresOf({ name, status, assertionResults }) {
  const file = relative('.', name);
  const failed = assertionResults.filter((test) => test.status === 'failed' || test.status === 'pending');
  if (failed.length === 0 && status === 'failed') return [file];
  return failed.map((test) => `${file} > ${test.fullName}`);
}

const counts = process.argv.slice(2).map((argument) => {
  const [, report, exitCode] = /^(.*)=(\d+)$/.exec(argument);
  return count(report, exitCode);
});
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
