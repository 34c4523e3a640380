// Prints one line: what passed and failed in the test runs given as `report=exit code`.
import { readFileSync } from 'node:fs';

/** A file that broke off, or failed outside its tests, counts as one failure; a run without a report as well. */
function count(report, exitCode) {
  let run;
  try {
    run = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const broken = run.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = run.numFailedTests + broken.length;
  return { passed: run.numPassedTests, failed: failed === 0 && exitCode !== '0' ? 1 : failed };
}

const counts = process.argv.slice(2).map((argument) => {
  const [, report, exitCode] = /^(.*)=(\d+)$/.exec(argument);
  return count(report, exitCode);
});
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
