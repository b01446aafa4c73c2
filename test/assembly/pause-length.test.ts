// Goal: over any row of pauses the close moves by no less than they took and by at most eleven minutes more, and never back.
// Method: fast-check draws lengths and times of signing; each resumption is drafted, signed, and added up as the shell adds.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closeFits, lengthMs, resumedClose, SIGN_WITHIN_MS } from '../../src/assembly/domain/pause.ts';

const MINUTE_MS = 60_000;
const OPENS = Date.parse('2026-11-20T01:00:00Z');
const CLOSES = Date.parse('2026-11-30T01:00:00Z');

const pauses = fc.array(
  fc.record({
    after: fc.oneof(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: 0, max: 10 * 86_400_000 })),
    length: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 86_400_000 })),
    signing: fc.integer({ min: 0, max: SIGN_WITHIN_MS }),
  }),
  { minLength: 1, maxLength: 30 },
);

it('moves the close by what the pauses took, and once by what a signing may take', () => {
  fc.assert(
    fc.property(pauses, (row) => {
      let [now, closedFrom, surplusMs, took] = [OPENS, CLOSES, 0, 0];
      for (const { after, length, signing } of row) {
        const pausedAt = now + after;
        // The shell refuses a pause then (PAUSE_LATE).
        if (pausedAt + surplusMs >= closedFrom) return;
        const pause = { pausedAt, closedFrom, surplusMs };
        const closes = resumedClose(pause, pausedAt + length);
        now = pausedAt + length + signing;
        expect(closeFits(pause, closes, now)).toBe(true);
        expect(closes).toBeGreaterThanOrEqual(closedFrom);
        expect(closes).toBeGreaterThan(now);
        surplusMs += closes - closedFrom - lengthMs(pausedAt, now);
        took += lengthMs(pausedAt, now);
        closedFrom = closes;
        expect(closes - CLOSES).toBeGreaterThanOrEqual(took);
        expect(closes - CLOSES).toBeLessThanOrEqual(took + SIGN_WITHIN_MS + MINUTE_MS);
      }
    }),
  );
});

it('fits no longer once it was signed too late, nor where it names a later close', () => {
  const pause = { pausedAt: OPENS, closedFrom: CLOSES, surplusMs: 0 };
  const closes = resumedClose(pause, OPENS + 5_000);
  expect(closeFits(pause, closes, OPENS + 5_000 + SIGN_WITHIN_MS + MINUTE_MS + 1)).toBe(false);
  expect(closeFits(pause, closes + MINUTE_MS, OPENS + 5_000)).toBe(false);
});
