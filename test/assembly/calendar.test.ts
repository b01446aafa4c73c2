// Goal: holidays are data that an office can check against the notice of the State Council; a period that ends on one ends on the next
// working day (Civil Code §203), and no vote opens or closes under maintenance. Method: the shipped file, broken ones, tables around the
// Spring Festival of 2026, and a law against a day-by-day count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../src/assembly/calendar-file.ts';
import type { Calendar } from '../../src/assembly/domain/calendar.ts';
import { isHoliday, lastDayOf, NO_CALENDAR } from '../../src/assembly/domain/calendar.ts';
import {
  earliestOpening,
  faultsOf,
  objectionsUntil,
  unknownYears,
} from '../../src/assembly/domain/timetable.ts';
import { addDays, daysBetween, startOfCivilDate } from '../../src/base/civil-date.ts';
import { taken } from '../../src/base/result.ts';
import { packageRoot } from '../../src/package-root.ts';

const SHIPPED = readFileSync(join(packageRoot(), 'calendars', 'cn-2026.json'), 'utf8');
const shipped: Calendar = taken(readCalendar([SHIPPED]));
const local = (text: string): number => Date.parse(`${text}+08:00`);
const DAY_MS = 86_400_000;
const CN = { noticeDays: 15, windowDaysMin: 5, windowDaysMax: 60 };

type File = {
  v: number;
  kind: string;
  years: {
    year: number;
    source: string;
    holidays: { name: string; from: string; until: string }[];
    workdays: string[];
  }[];
  maintenance: { from: string; until: string; reason: string }[];
};
const bent = (bend: (file: File) => void): string => {
  const file = JSON.parse(SHIPPED) as File;
  bend(file);
  return JSON.stringify(file);
};
const year = (file: File) => file.years[0] as File['years'][number];

describe('the shipped calendar of 2026', () => {
  it.each([
    ['2026-01-01', true],
    ['2026-01-04', false],
    ['2026-02-14', false],
    ['2026-02-15', true],
    ['2026-02-23', true],
    ['2026-02-24', false],
    ['2026-02-28', false],
    ['2026-03-01', true],
    ['2026-09-20', false],
    ['2026-10-07', true],
    ['2026-10-10', false],
    ['2026-11-28', true],
    ['2026-11-30', false],
  ])('%s is a holiday: %s', (day, is) => {
    expect(isHoliday(shipped, day)).toBe(is);
  });

  it('has as many days off as the notice gives, and each swapped working day is a Saturday or Sunday', () => {
    expect(shipped.holidays.size).toBe(3 + 9 + 3 + 5 + 3 + 3 + 7);
    expect(shipped.workdays.size).toBe(6);
  });

  it('knows nothing of other years: every day counts, and that is said', () => {
    expect(isHoliday(shipped, '2027-01-01')).toBe(false);
    const days = { noticeDays: 15, objectionDays: 7 };
    const of = (publishedOn: string, closes: string) => ({ publishedOn, closesAt: Date.parse(closes) });
    const late = of('2026-12-20', '2027-01-20T10:00:00Z');
    expect(unknownYears(late, days, shipped)).toEqual(['2027']);
    expect(unknownYears(of('2026-03-02', '2026-04-01T10:00:00Z'), days, shipped)).toEqual([]);
    expect(unknownYears(late, days, NO_CALENDAR)).toEqual(['2026', '2027']);
    // Objections are taken until the new year.
    expect(unknownYears(of('2026-12-01', '2026-12-27T10:00:00Z'), days, shipped)).toEqual(['2027']);
  });
});

describe('a calendar file that is wrong', () => {
  it.each<[string, (file: File) => void]>([
    ['another kind', (file) => void Object.assign(file, { kind: 'roster' })],
    ['a member that nobody knows', (file) => void Object.assign(file, { more: 1 })],
    ['no such day', (file) => void Object.assign(year(file), { workdays: ['2026-02-30'] })],
    ['a day of another year', (file) => void Object.assign(year(file), { workdays: ['2027-01-03'] })],
    [
      'a swapped working day that is none',
      (file) => void Object.assign(year(file), { workdays: ['2026-03-04'] }),
    ],
    ['a day that is both', (file) => void Object.assign(year(file), { workdays: ['2026-02-15'] })],
    [
      'a run backwards',
      (file) =>
        void Object.assign(year(file), {
          holidays: [{ name: '节', from: '2026-05-05', until: '2026-05-01' }],
        }),
    ],
    [
      'a run of months',
      (file) =>
        void Object.assign(year(file), {
          holidays: [{ name: '节', from: '2026-05-01', until: '2026-10-07' }],
        }),
    ],
    ['no source', (file) => void Object.assign(year(file), { source: '' })],
    [
      'maintenance that ends before it begins',
      (file) =>
        void file.maintenance.push({
          from: '2026-05-02T00:00:00Z',
          until: '2026-05-01T00:00:00Z',
          reason: '',
        }),
    ],
  ])('%s is refused by its place', (_, bend) => {
    expect(readCalendar([bent(() => undefined), bent(bend)])).toMatchObject({
      ok: false,
      refusal: { code: 'CALENDAR_FILE', where: '1' },
    });
  });

  it('is refused where it is no JSON, and where a year stands twice', () => {
    expect(readCalendar(['{'])).toMatchObject({ refusal: { code: 'CALENDAR_FILE', where: '0' } });
    expect(readCalendar([SHIPPED, SHIPPED])).toMatchObject({
      refusal: { code: 'CALENDAR_YEAR_TWICE', where: '2026' },
    });
  });
});

describe('a notice whose last day is a holiday', () => {
  it.each([
    // Fifteen days after 31 January is the first day of the Spring Festival's nine.
    ['2026-01-31', '2026-02-25'],
    // The 14th of February is a Saturday on which people work.
    ['2026-01-30', '2026-02-15'],
    // An ordinary Saturday moves to Monday.
    ['2026-02-20', '2026-03-10'],
    ['2026-02-17', '2026-03-05'],
  ])('of %s lets the vote open on %s', (publishedOn, opensOn) => {
    expect(earliestOpening(publishedOn, 15, shipped)).toBe(startOfCivilDate(opensOn));
  });

  it('is a fault of its own, with the day from which the vote may open', () => {
    const opensAt = local('2026-02-16T09:00:00');
    const dates = { publishedOn: '2026-01-31', opensAt, closesAt: opensAt + 10 * DAY_MS };
    expect(faultsOf(dates, CN, local('2026-01-31T08:00:00'), shipped)).toEqual([
      { code: 'NOTICE_ENDS_ON_HOLIDAY', where: 'opens', facts: { noticeDays: 15, opensFrom: '2026-02-25' } },
    ]);
    expect(faultsOf(dates, CN, local('2026-01-31T08:00:00'), NO_CALENDAR)).toEqual([]);
  });

  it('all faults are said at once', () => {
    const calendar = taken(
      readCalendar([
        bent((file) => {
          file.maintenance = [
            { from: '2026-03-10T00:00:00Z', until: '2026-03-11T00:00:00Z', reason: '升级' },
          ];
        }),
      ]),
    );
    const at = Date.UTC(2026, 2, 10);
    const codes = (opensAt: number, closesAt: number) =>
      faultsOf(
        { publishedOn: '2026-03-01', opensAt, closesAt },
        CN,
        local('2026-03-02T08:00:00'),
        calendar,
      ).map(({ code, where }) => `${code} ${where}`);
    expect(codes(at, at)).toEqual([
      'NOTICE_DATE_PAST publishedOn',
      'NOTICE_TOO_SHORT opens',
      'WINDOW_MAINTENANCE opens',
      'WINDOW_MAINTENANCE closes',
      'WINDOW_REVERSED closes',
    ]);
    // The last instant of a window is outside it.
    expect(codes(at - 1, at + DAY_MS)).not.toContain('WINDOW_MAINTENANCE closes');
    expect(codes(at - 1, at + DAY_MS)).not.toContain('WINDOW_MAINTENANCE opens');
  });
});

describe('the time for objections', () => {
  it('ends on a working day too', () => {
    expect(objectionsUntil(local('2026-09-28T10:00:00'), 3, shipped)).toBe(local('2026-10-09T00:00:00'));
    expect(objectionsUntil(local('2026-09-28T10:00:00'), 3)).toBe(local('2026-10-02T00:00:00'));
    expect(objectionsUntil(local('2026-09-28T10:00:00'), 0, shipped)).toBe(local('2026-09-28T10:00:00'));
  });
});

describe('any period', () => {
  it('is at least as long as the law says, ends on a working day, and skips only holidays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 40 }), (at, days) => {
        const from = addDays('2026-01-01', at);
        const last = lastDayOf(from, days, shipped);
        expect(isHoliday(shipped, last)).toBe(false);
        expect(daysBetween(from, last)).toBeGreaterThanOrEqual(days);
        for (let day = addDays(from, days); day < last; day = addDays(day, 1))
          expect(isHoliday(shipped, day)).toBe(true);
      }),
    );
  });
});
