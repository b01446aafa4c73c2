// Sums the JSON reports of vitest and prints what failed and, as the last line, `N passed, N failed`. Exits 1 when anything failed or a
// report cannot be read: a run whose figures are missing has not passed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Passed and failed of one report; a file that failed without a failed test (it did not load) counts as one failure. */
export function countsOf(report) {
  const { numPassedTests, numFailedTests, testResults } = report;
  if (!Number.isInteger(numPassedTests) || !Number.isInteger(numFailedTests) || !Array.isArray(testResults))
    throw new Error('not a report of vitest');
  if (numPassedTests + numFailedTests === 0) throw new Error('no test ran');
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

/** A line for each failure of one report: file, test, and the message's beginning, so that a long log need not be searched for it. */
export function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [line(name, 'did not load', message)] : [];
    return failed.map(({ fullName, failureMessages }) => line(name, fullName, failureMessages?.[0]));
  });
}

const MESSAGE_CHARACTERS = 600;

function line(file, what, message) {
  return `${file}: ${what}: ${String(message ?? '')
    .replace(/\s+/g, ' ')
    .slice(0, MESSAGE_CHARACTERS)}`;
}

/** Sum over the reports; one that cannot be read is a failure and gets a line in `problems`, as each failed test does. */
export function sumOf(files, read) {
  const sum = { passed: 0, failed: 0, problems: [] };
  for (const file of files) {
    try {
      const report = JSON.parse(read(file));
      const { passed, failed } = countsOf(report);
      sum.passed += passed;
      sum.failed += failed;
      sum.problems.push(...failuresOf(report));
    } catch (error) {
      sum.failed += 1;
      sum.problems.push(`no figures: ${file}: ${error.message}`);
    }
  }
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, problems } = sumOf(process.argv.slice(2), (file) => readFileSync(file, 'utf8'));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
