// Goal: the service's clock follows corrections and the machine's sleep, not a jump, and comes back by itself. Method: three clocks that
// the test moves apart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { steadyClock } from '../../src/base/steady-clock.ts';
import { TEST_NOW } from '../support/clock.ts';
import { DAY_MS, HOUR_MS } from './jumping-clock.ts';

const ACCEPT_AFTER_MS = 600_000;

/** A machine whose true time, wall clock and sleep the test decides. */
function machine() {
  let [passed, slept, wrong] = [0, 0, 0];
  const world = (): number => TEST_NOW + passed + slept + wrong;
  const clock: Clock = steadyClock({
    world,
    stopwatch: () => passed,
    uptime: () => Math.floor((passed + slept) / 1000) * 1000,
    maxStepMs: 500,
    acceptAfterMs: ACCEPT_AFTER_MS,
  });
  return {
    clock,
    world,
    truth: () => TEST_NOW + passed + slept,
    pass: (ms: number) => {
      passed += ms;
    },
    sleep: (ms: number) => {
      slept += ms;
    },
    jump: (ms: number) => {
      wrong += ms;
    },
  };
}

describe('a steady clock', () => {
  it('shows the machine clock while that runs evenly, and follows small corrections without end', () => {
    const it = machine();
    for (let step = 0; step < 1_000; step += 1) {
      it.pass(1_000);
      it.jump(step % 2 === 0 ? 400 : -300);
      expect(it.clock()).toBe(it.world());
    }
  });

  it.each([HOUR_MS, -HOUR_MS, DAY_MS, 501, -501])('runs on truly through a jump of %i ms and back', (ms) => {
    const it = machine();
    it.pass(5_000);
    it.clock();
    it.jump(ms);
    it.pass(30_000);
    expect(it.clock()).toBe(it.truth());
    it.jump(-ms);
    it.pass(1_000);
    expect(it.clock()).toBe(it.truth());
  });

  it('follows the time that the machine slept', () => {
    const it = machine();
    it.pass(5_000);
    it.clock();
    it.sleep(8 * HOUR_MS + 300);
    it.pass(1_000);
    expect(it.clock()).toBe(it.truth());
  });

  it('takes a jump that lasts as meant, not before', () => {
    const it = machine();
    it.jump(HOUR_MS);
    for (let waited = 0; waited < ACCEPT_AFTER_MS; waited += 1_000) {
      expect(it.clock()).toBe(it.truth());
      it.pass(1_000);
    }
    expect(it.clock()).toBe(it.world());
    it.pass(1_000);
    expect(it.clock()).toBe(it.world());
  });

  it('begins to wait anew where the clock jumps on', () => {
    const it = machine();
    it.jump(HOUR_MS);
    it.clock();
    it.pass(ACCEPT_AFTER_MS - 1_000);
    it.clock();
    it.jump(HOUR_MS);
    it.clock();
    it.pass(2_000);
    expect(it.clock()).toBe(it.truth());
  });

  it('is true at every moment while each jump ends in time', () => {
    const wait = fc.integer({ min: 1, max: 60_000 });
    const jump = fc.integer({ min: 501, max: DAY_MS }).chain((ms) => fc.constantFrom(ms, -ms));
    fc.assert(
      fc.property(fc.array(fc.tuple(wait, jump, wait), { maxLength: 20 }), (rounds) => {
        const it = machine();
        for (const [before, ms, during] of rounds) {
          it.pass(before);
          expect(it.clock()).toBe(it.truth());
          it.jump(ms);
          it.pass(during);
          expect(it.clock()).toBe(it.truth());
          it.jump(-ms);
        }
        expect(it.clock()).toBe(it.truth());
      }),
    );
  });
});
