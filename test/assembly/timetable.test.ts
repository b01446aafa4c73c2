// Goal: the dates of a meeting obey the profile to the millisecond, counted in civil days of Shanghai. Method: tables around each
// boundary, written as local times; a law that the earliest opening always leaves the full days between.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timetable } from '../../src/assembly/domain/timetable.ts';
import { checkTimetable, earliestOpening, objectionsUntil } from '../../src/assembly/domain/timetable.ts';
import { civilDateAt, startOfCivilDate } from '../../src/base/civil-date.ts';
import { refuse } from '../../src/base/result.ts';

/** An instant as people in Shanghai write it. */
const local = (text: string): number => Date.parse(`${text}+08:00`);

const DAY_MS = 86_400_000;
const CN = { noticeDays: 15, windowDaysMin: 5, windowDaysMax: 60 };
const DEMO = { noticeDays: 0, windowDaysMin: 0, windowDaysMax: 60 };
const NOW = local('2026-12-01T09:00:00');

const GOOD: Timetable = {
  publishedOn: '2026-12-01',
  opensAt: local('2026-12-17T00:00:00'),
  closesAt: local('2026-12-27T00:00:00'),
};

describe('a notice of 15 days', () => {
  it.each([
    ['2026-12-15T00:00:00', false],
    ['2026-12-16T00:00:00', false],
    ['2026-12-16T12:00:00', false],
    ['2026-12-16T23:59:59.999', false],
    ['2026-12-17T00:00:00', true],
    ['2026-12-17T00:00:00.001', true],
    ['2027-01-15T08:00:00', true],
  ])('published on 1 December lets a meeting open at %s: %s', (opens, may) => {
    const opensAt = local(opens);
    const checked = checkTimetable({ ...GOOD, opensAt, closesAt: opensAt + 10 * DAY_MS }, CN, NOW);
    expect(checked).toEqual(
      may ? { ok: true, value: undefined } : refuse('NOTICE_TOO_SHORT', 'opens', { noticeDays: 15 }),
    );
  });

  it('begins at midnight in Shanghai, which is 16:00 UTC of the day before', () => {
    expect(earliestOpening('2026-12-01', 15)).toBe(Date.UTC(2026, 11, 16, 16));
  });

  it.each([
    ['2026-11-30T23:59:59.999', true],
    ['2026-12-01T00:00:00', true],
    ['2026-12-01T23:59:59.999', true],
    ['2026-12-02T00:00:00', false],
    ['2026-12-20T10:00:00', false],
  ])('that names 1 December may go out at %s: %s', (now, may) => {
    const checked = checkTimetable(GOOD, CN, local(now));
    expect(checked).toEqual(may ? { ok: true, value: undefined } : refuse('NOTICE_DATE_PAST', 'publishedOn'));
  });

  it('always leaves its full days between the day of the notice and the day of the opening', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 90 }), (day, days) => {
        const publishedOn = civilDateAt(Date.UTC(2000, 0, 1) + day * DAY_MS);
        const opens = earliestOpening(publishedOn, days);
        expect((opens - startOfCivilDate(publishedOn)) / DAY_MS).toBe(days + 1);
      }),
    );
  });
});

describe('a notice of no days', () => {
  it('lets a meeting open on the day of the notice, but not before it', () => {
    const opensAt = local('2026-12-01T09:00:01');
    expect(checkTimetable({ ...GOOD, opensAt, closesAt: opensAt + 1 }, DEMO, NOW).ok).toBe(true);
    const before = local('2026-11-30T23:59:59.999');
    expect(checkTimetable({ ...GOOD, opensAt: before, closesAt: opensAt }, DEMO, NOW)).toMatchObject({
      refusal: { code: 'NOTICE_TOO_SHORT' },
    });
  });
});

describe('a window', () => {
  it.each([
    [-1, 'WINDOW_REVERSED'],
    [0, 'WINDOW_REVERSED'],
    [1, 'WINDOW_TOO_SHORT'],
    [5 * DAY_MS - 1, 'WINDOW_TOO_SHORT'],
    [5 * DAY_MS, ''],
    [60 * DAY_MS, ''],
    [60 * DAY_MS + 1, 'WINDOW_TOO_LONG'],
  ])('of %i ms gets %s', (lengthMs, code) => {
    const checked = checkTimetable({ ...GOOD, closesAt: GOOD.opensAt + lengthMs }, CN, NOW);
    expect(checked.ok ? '' : checked.refusal.code).toBe(code);
    if (!checked.ok) expect(checked.refusal.where).toBe('closes');
  });
});

describe('objections', () => {
  it.each([
    ['2026-12-27T00:00:00', 7, '2027-01-04T00:00:00'],
    ['2026-12-27T23:59:59.999', 7, '2027-01-04T00:00:00'],
    ['2026-12-28T00:00:00', 7, '2027-01-05T00:00:00'],
    ['2026-12-27T10:30:00', 3, '2026-12-31T00:00:00'],
    ['2026-12-27T10:30:00', 0, '2026-12-27T10:30:00'],
  ])('to a result of %s are taken for %i full days, until %s', (preliminary, days, until) => {
    expect(objectionsUntil(local(preliminary), days)).toBe(local(until));
  });
});
