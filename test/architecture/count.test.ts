// Goal: the one figure that CI prints is true, and a run without figures has not passed. Method: reports as vitest writes them.
import { describe, expect, it } from 'vitest';
import { countsOf, failuresOf, sumOf } from '../../.ci/count.mjs';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'no such\n module',
  assertionResults: tests.map((one) => ({
    status: one,
    fullName: 'a vote counts',
    failureMessages: one === 'failed' ? ['AssertionError: expected 1\n    to be 2'] : [],
  })),
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
    expect(sumOf(['a', 'b'], (name) => reports[name] ?? '')).toEqual({
      passed: 5,
      failed: 1,
      problems: ['a.test.ts: a vote counts: AssertionError: expected 1 to be 2'],
    });
  });

  it('names a file that did not load, and no test that passed', () => {
    expect(failuresOf(report(1, 0, file('passed', 'passed'), file('failed')))).toEqual([
      'a.test.ts: did not load: no such module',
    ]);
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
