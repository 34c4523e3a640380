// Prints one line: what passed and failed in the test runs given as `report=exit code`.
import { readFileSync } from 'node:fs';

/** What was not decided counts as failed: a test that was not ended, a file without tests that broke off, a run without a report. */
function count(report, exitCode) {
  let run;
  try {
    run = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const failed = run.testResults.map(failuresOf).reduce((total, each) => total + each, 0);
  return { passed: run.numPassedTests, failed: failed === 0 && exitCode !== '0' ? 1 : failed };
}

function failuresOf({ status, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed' || test.status === 'pending');
  return failed.length === 0 && status === 'failed' ? 1 : failed.length;
}

const counts = process.argv.slice(2).map((argument) => {
  const [, report, exitCode] = /^(.*)=(\d+)$/.exec(argument);
  return count(report, exitCode);
});
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
