// Goal: the one figure that CI prints is true, and a run without figures has not passed. Method: reports as vitest writes them.
import { describe, expect, it } from 'vitest';
import { countsOf, sumOf } from '../../.ci/count.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});
const report = (numPassedTests: number, numFailedTests: number, ...testResults: object[]) => ({
  numPassedTests,
  numFailedTests,
  testResults,
});

describe('the count', () => {
  it('sums the reports', () => {
    const reports: Record<string, string> = {
      a: JSON.stringify(report(3, 1, file('passed', 'passed'), file('failed', 'passed', 'failed'))),
      b: JSON.stringify(report(2, 0, file('passed', 'passed', 'passed'))),
    };
    expect(sumOf(['a', 'b'], (name) => reports[name] ?? '')).toEqual({ passed: 5, failed: 1, problems: [] });
  });

  it('counts a file that did not load as a failure', () => {
    expect(countsOf(report(2, 0, file('passed', 'passed', 'passed'), file('failed')))).toEqual({
      passed: 2,
      failed: 1,
    });
  });

  it.each([
    ['is missing', ''],
    ['is cut off', '{"numPassedTests": 3'],
    ['is of something else', '{}'],
    ['has no test', JSON.stringify(report(0, 0))],
  ])('takes a report that %s for a failure', (_name, text) => {
    const sum = sumOf(['x'], () => text);
    expect([sum.passed, sum.failed, sum.problems.length]).toEqual([0, 1, 1]);
  });
});
