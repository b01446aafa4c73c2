// Goal: the form of what-if counts what was typed as a meeting would be counted, or says what is wrong, row by row.
// Method: queries as a browser sends them, read by the view of the page.
import { describe, expect, it } from 'vitest';
import { whatIfView } from '../../src/site/what-if-view.ts';

const CASE = {
  count: '1',
  matter: ['M5', 'M6'],
  totalHeads: '300',
  totalArea: '30000',
  forHeads: '120',
  forArea: '12000.00',
  againstHeads: '80',
  againstArea: '8000.5',
  abstainHeads: '',
  abstainArea: '',
};

const problemsOf = (change: Readonly<Record<string, unknown>>) => whatIfView({ ...CASE, ...change }).problems;

describe('what-if', () => {
  it('counts every class, and says what the strictest lacks', () => {
    const { answer, problems } = whatIfView(CASE);
    expect(problems).toEqual([]);
    expect(answer?.outcome).toBe('REJECTED');
    expect(answer?.classes.map(({ matter, pass }) => [matter, pass.heads.holds])).toEqual([
      ['M5', true],
      ['M6', false],
    ]);
    expect(answer?.shortfall.heads).toEqual({
      participants: 0n,
      consents: undefined,
      converts: 30n,
      slack: 0n,
    });
  });

  it('adopts, and says how much may still be said against', () => {
    const { answer } = whatIfView({ ...CASE, matter: 'M5' });
    expect(answer?.outcome).toBe('ADOPTED');
    // 2 · 1200000 > 2000050 + x holds up to 399949; 2 · 120 > 200 + x up to 39.
    expect([answer?.shortfall.area.slack, answer?.shortfall.heads.slack]).toEqual([399_949n, 39n]);
  });

  it('reads the digits and commas of a Chinese keyboard', () => {
    const { answer, problems } = whatIfView({ ...CASE, totalHeads: '３００', totalArea: '30，000．00 ' });
    expect(problems).toEqual([]);
    expect(answer?.outcome).toBe('REJECTED');
  });

  it('asks nothing of a link that gives the base alone', () => {
    const view = whatIfView({ matter: 'M5', totalHeads: '300', totalArea: '30000.00' });
    expect([view.answer, view.problems, view.matters]).toEqual([undefined, [], ['M5']]);
    expect(view.typed[0]).toEqual({ row: 'total', heads: '300', area: '30000.00' });
  });

  it.each([
    ['no number of heads', { forHeads: 'viele' }, 'for', 'heads'],
    ['heads below zero', { forHeads: '-1' }, 'for', 'heads'],
    ['an area of three decimals', { forArea: '1.234' }, 'for', 'area'],
    ['heads without area', { againstArea: '0' }, 'against', 'oneOnly'],
    ['no base', { totalHeads: '', totalArea: '' }, 'total', 'heads'],
    ['more than all', { totalHeads: '199' }, 'total', 'tooFew'],
    ['no matter', { matter: 'M10' }, undefined, 'noMatter'],
    ['an object for a number', { forHeads: { a: '1' } }, 'for', 'heads'],
  ])('refuses %s', (_name, change, row, problem) => {
    expect(problemsOf(change)).toEqual([{ row, problem }]);
  });
});
