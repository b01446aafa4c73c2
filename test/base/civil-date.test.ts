// Goal: civil dates and instants are right on every day, and midnight is Shanghai's. Method: the platform's Date, which the code under test
// does not use, is the independent computation for every day of 1900 to 2100.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  civilDateAt,
  daysBetween,
  parseCivilDate,
  startOfCivilDate,
} from '../../src/base/civil-date.ts';
import { dateOfDay, dayNumber, parseInstant, showInstant } from '../../src/base/instant.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FIRST = Date.UTC(1900, 0, 1) / DAY_MS;
const LAST = Date.UTC(2100, 11, 31) / DAY_MS;
const isoDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

describe('every day of 1900 to 2100', () => {
  it('has the number, the text and the midnight that another computation gives', () => {
    let seen = 0;
    for (let day = FIRST; day <= LAST; day += 1) {
      const date = isoDate(day);
      const [year = 0, month = 0, dayOfMonth = 0] = date.split('-').map(Number);
      const midnight = day * DAY_MS - 8 * HOUR_MS;
      if (
        dayNumber(year, month, dayOfMonth) !== day ||
        JSON.stringify(dateOfDay(day)) !== JSON.stringify({ year, month, day: dayOfMonth }) ||
        parseCivilDate(date) !== day ||
        startOfCivilDate(date) !== midnight ||
        civilDateAt(midnight) !== date ||
        civilDateAt(midnight - 1) !== isoDate(day - 1) ||
        civilDateAt(midnight + DAY_MS - 1) !== date
      )
        expect.fail(date);
      seen += 1;
    }
    expect(seen).toBe(73_414);
  });

  it('follows the one before', () => {
    for (let day = FIRST; day < LAST; day += 1)
      if (addDays(isoDate(day), 1) !== isoDate(day + 1)) expect.fail(isoDate(day));
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
    expect(addDays('2100-03-01', -1)).toBe('2100-02-28');
  });
});

describe('midnight in Shanghai', () => {
  it('is the one of the time zone database since 1992', () => {
    const shanghai = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
    for (let day = Date.UTC(1992, 0, 1) / DAY_MS; day < Date.UTC(2060, 0, 1) / DAY_MS; day += 17) {
      const midnight = startOfCivilDate(isoDate(day));
      expect(shanghai.format(new Date(midnight))).toBe(isoDate(day));
      expect(shanghai.format(new Date(midnight - 1))).toBe(isoDate(day - 1));
    }
  });

  it('ends a day one millisecond later than its last', () => {
    expect(civilDateAt(Date.parse('2026-12-09T15:59:59.999Z'))).toBe('2026-12-09');
    expect(civilDateAt(Date.parse('2026-12-09T16:00:00.000Z'))).toBe('2026-12-10');
    expect(startOfCivilDate('1970-01-01')).toBe(-8 * HOUR_MS);
  });
});

describe('a span of days', () => {
  it('does not count its first day and is undone by the same number', () => {
    const day = fc.integer({ min: FIRST, max: LAST });
    fc.assert(
      fc.property(day, day, (a, b) => {
        expect(daysBetween(isoDate(a), isoDate(b))).toBe(b - a);
        expect(addDays(isoDate(a), b - a)).toBe(isoDate(b));
      }),
    );
  });
});

const NO_DATE = [
  '',
  '2026-1-10',
  '2026-02-29',
  '2100-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-04-31',
  '2026-01-00',
  '26-01-01',
  '2026-01-01T00:00:00Z',
  '2026-01-01\n',
  '２026-01-01',
  '20260101',
];

describe('a text that is no date', () => {
  it.each(NO_DATE)('such as %j is refused', (text) => {
    expect(parseCivilDate(text)).toBeUndefined();
    expect(() => startOfCivilDate(text)).toThrow(RangeError);
    expect(() => daysBetween(text, '2026-01-01')).toThrow(RangeError);
    expect(() => daysBetween('2026-01-01', text)).toThrow(RangeError);
    expect(() => addDays(text, 1)).toThrow(RangeError);
  });
});

describe('an instant', () => {
  it('has the text that another computation gives, and is read from it', () => {
    const seconds = fc.integer({ min: FIRST * 86_400, max: LAST * 86_400 });
    fc.assert(
      fc.property(seconds, fc.nat(999), (at, rest) => {
        const text = new Date(at * 1000).toISOString().replace('.000Z', 'Z');
        expect(showInstant(at * 1000 + rest)).toBe(text);
        expect(parseInstant(text)).toBe(at * 1000);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ...NO_DATE.filter((text) => !text.endsWith('Z')),
    '2026-12-10',
    '2026-12-10T10:00Z',
    '2026-12-10T10:00:00',
    '2026-12-10T10:00:00+08:00',
    '2026-12-10T10:00:00.000Z',
    '2026-12-10T24:00:00Z',
    '2026-12-10T10:60:00Z',
    '2026-12-10T10:00:60Z',
    '2026-02-30T10:00:00Z',
    '2026-12-10t10:00:00z',
    '2026-12-10 10:00:00Z',
    '2026-12-10T10:00:00Z\n',
  ])('spelled %j is refused', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
