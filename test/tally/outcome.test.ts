// Goal: counts become outcomes class by class, and only an adopted motion is a resolution. Method: tables of counts.
import { describe, expect, it } from 'vitest';
import { MATTER_CLASSES } from '../../src/assembly/domain/matter-class.ts';
import { InvariantError } from '../../src/base/assert.ts';
import { decide, decideMotion, passedResolution } from '../../src/tally/domain/outcome.ts';
import { CN, counts } from './entries.ts';

describe('one matter class', () => {
  const rows = [
    ['empty scope', counts([0, 0], [0, 0], [0, 0]), 'NO_SCOPE', 'NO_SCOPE'],
    ['area without heads', counts([100, 0], [0, 0], [0, 0]), 'NO_SCOPE', 'NO_SCOPE'],
    ['nobody takes part', counts([100, 10], [0, 0], [0, 0]), 'NOT_QUORATE', 'NOT_QUORATE'],
    ['too little area', counts([300, 30], [199, 30], [199, 30]), 'NOT_QUORATE', 'NOT_QUORATE'],
    ['too few heads', counts([300, 30], [300, 19], [300, 19]), 'NOT_QUORATE', 'NOT_QUORATE'],
    ['everybody refuses', counts([300, 30], [300, 30], [0, 0]), 'REJECTED', 'REJECTED'],
    ['half exactly', counts([300, 30], [200, 20], [100, 10]), 'REJECTED', 'REJECTED'],
    ['just above half', counts([300, 30], [200, 20], [101, 11]), 'ADOPTED', 'REJECTED'],
    ['one below three quarters', counts([300, 30], [200, 20], [149, 15]), 'ADOPTED', 'REJECTED'],
    ['three quarters exactly', counts([300, 30], [200, 20], [150, 15]), 'ADOPTED', 'ADOPTED'],
    ['area alone', counts([300, 30], [200, 20], [200, 3]), 'REJECTED', 'REJECTED'],
    ['heads alone', counts([300, 30], [200, 20], [3, 20]), 'REJECTED', 'REJECTED'],
  ] as const;
  it.each(rows)('%s', (_name, found, ordinary, major) => {
    for (const { id, threshold } of MATTER_CLASSES) {
      expect(decide(found, id, CN).outcome).toBe(threshold === 'MAJOR' ? major : ordinary);
    }
  });

  it('names its class and keeps all four inequalities', () => {
    const found = decide(counts([300, 30], [200, 20], [149, 16]), 'M6', CN);
    expect(found.matter).toBe('M6');
    expect(found.quorum.area).toEqual({ left: 600n, test: 'GE', right: 600n, holds: true });
    expect(found.pass.area).toEqual({ left: 596n, test: 'GE', right: 600n, holds: false });
    expect(found.pass.heads).toEqual({ left: 64n, test: 'GE', right: 60n, holds: true });
  });
});

describe('a motion of several classes', () => {
  const seventy = counts([1000, 100], [1000, 100], [700, 70]);

  it('with 70 % consent fails as alteration though the use of the fund alone would pass', () => {
    const found = decideMotion(seventy, ['M5', 'M7'], CN);
    expect(found.classes.map((decision) => decision.outcome)).toEqual(['ADOPTED', 'REJECTED']);
    expect(found.outcome).toBe('REJECTED');
    expect(decideMotion(seventy, ['M7', 'M5'], CN).outcome).toBe('REJECTED');
  });

  it('is adopted where every class is, and not quorate or without scope as a whole', () => {
    expect(decideMotion(seventy, ['M5', 'M4'], CN).outcome).toBe('ADOPTED');
    expect(decideMotion(counts([1000, 100], [1, 1], [1, 1]), ['M5', 'M7'], CN).outcome).toBe('NOT_QUORATE');
    expect(decideMotion(counts([0, 0], [0, 0], [0, 0]), ['M5', 'M7'], CN).outcome).toBe('NO_SCOPE');
  });

  it('without a class is a broken promise', () => {
    expect(() => decideMotion(seventy, [], CN)).toThrow(InvariantError);
  });
});

describe('a passed resolution', () => {
  const subject = { meeting: 'meeting-1', proposal: 'proposal-1' };

  it('exists for an adopted motion and carries its decision', () => {
    const found = passedResolution(subject, counts([3, 3], [3, 3], [2, 2]), ['M5'], CN);
    expect(found).toMatchObject({ ...subject, decision: { outcome: 'ADOPTED' } });
  });

  it('exists for no other outcome', () => {
    expect(passedResolution(subject, counts([3, 3], [3, 3], [2, 2]), ['M6'], CN)).toBeUndefined();
    expect(passedResolution(subject, counts([3, 3], [1, 1], [1, 1]), ['M5'], CN)).toBeUndefined();
    expect(passedResolution(subject, counts([0, 0], [0, 0], [0, 0]), ['M5'], CN)).toBeUndefined();
  });
});
