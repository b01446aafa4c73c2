// Goal: base, participants and consent follow the counting rules. Method: tables of hand-counted situations.
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { answerTotal, count, entitlementEntry } from '../../src/tally/domain/participation.ts';
import { CN, owner, owners, pairs } from './entries.ts';

describe('entitlements', () => {
  it('an entitlement without area in scope is outside the base', () => {
    const entries = [
      entitlementEntry({ heads: 0, areaDm2: 0n }, 'for'),
      entitlementEntry({ heads: 1, areaDm2: 9876n }, 'for'),
    ];
    expect(pairs(count(entries, CN))).toEqual([
      [9876, 1],
      [9876, 1],
      [9876, 1],
    ]);
  });

  it('a head without area, area without a head and a negative area are broken promises', () => {
    expect(() => entitlementEntry({ heads: 1, areaDm2: 0n }, 'for')).toThrow(InvariantError);
    expect(() => entitlementEntry({ heads: 0, areaDm2: 5n }, 'for')).toThrow(InvariantError);
    expect(() => entitlementEntry({ heads: 0, areaDm2: -5n }, 'for')).toThrow(InvariantError);
  });
});

describe('who takes part', () => {
  const rows = [
    ['for', {}, 1, 1],
    ['against', {}, 1, 0],
    ['abstain', {}, 1, 0],
    ['abstain', { abstainParticipates: false }, 0, 0],
    ['invalid', {}, 0, 0],
    ['invalid', { invalidParticipates: true }, 1, 0],
    ['malformed', {}, 1, 0],
    ['malformed', { malformedParticipates: false }, 0, 0],
    ['delivered-silent', {}, 0, 0],
    ['absent', {}, 0, 0],
    ['absent', { silenceRule: 'FOLLOW_MAJORITY' }, 0, 0],
  ] as const;
  it.each(rows)('%s under %j: %i takes part, %i consents', (answer, change, part, consent) => {
    const found = pairs(count([owners(1, 500, answer)], { ...CN, ...change }));
    expect(found).toEqual([
      [500, 1],
      [500 * part, part],
      [500 * consent, consent],
    ]);
  });
});

describe('a head with several units', () => {
  it('adds its areas and is one head', () => {
    expect(pairs(count([owner([100, 'for'], [250, 'for'])], CN))).toEqual([
      [350, 1],
      [350, 1],
      [350, 1],
    ]);
  });

  it('consents only if all of its participating units do, while the area splits', () => {
    expect(pairs(count([owner([100, 'for'], [250, 'against'], [1000, 'absent'])], CN))).toEqual([
      [1350, 1],
      [350, 1],
      [100, 0],
    ]);
  });

  it('consents where its other units do not take part', () => {
    expect(pairs(count([owner([100, 'for'], [250, 'absent'])], CN))).toEqual([
      [350, 1],
      [100, 1],
      [100, 1],
    ]);
  });
});

describe('the silence rule', () => {
  const deemed = { ...CN, silenceRule: 'FOLLOW_MAJORITY' } as const;
  const silent = owners(5, 100, 'delivered-silent');

  it('silence joins consent where consent leads by area and by heads', () => {
    const entries = [owners(3, 100, 'for'), owners(2, 100, 'against'), silent];
    expect(pairs(count(entries, deemed))).toEqual([
      [1000, 10],
      [1000, 10],
      [800, 8],
    ]);
    expect(pairs(count(entries, CN))[1]).toEqual([500, 5]);
  });

  it('silence joins refusal where refusal leads both', () => {
    const entries = [owners(2, 100, 'for'), owners(3, 100, 'against'), silent];
    expect(pairs(count(entries, { ...deemed, abstainParticipates: false }))).toEqual([
      [1000, 10],
      [1000, 10],
      [200, 2],
    ]);
  });

  it('silence abstains at a tie and where area and heads have different leaders', () => {
    const without = { ...deemed, abstainParticipates: false };
    const tie = [owners(2, 100, 'for'), owners(2, 100, 'against'), silent];
    const split = [owners(1, 500, 'for'), owners(2, 100, 'against'), silent];
    const reverse = [owners(2, 100, 'for'), owners(1, 500, 'against'), silent];
    expect(pairs(count(tie, deemed))[1]).toEqual([900, 9]);
    for (const entries of [tie, split, reverse]) {
      expect(count(entries, without).P.heads).toBe(count(entries, CN).P.heads);
      expect(count(entries, deemed).Y).toEqual(count(entries, CN).Y);
    }
  });

  it('an explicit follow counts without a silence clause, and of itself leads nobody', () => {
    const follow = owners(4, 100, 'follow');
    expect(pairs(count([owners(1, 100, 'for'), follow], CN))[2]).toEqual([500, 5]);
    expect(pairs(count([owners(1, 100, 'against'), follow], CN))[2]).toEqual([0, 0]);
    expect(pairs(count([follow], CN))).toEqual([
      [400, 4],
      [400, 4],
      [0, 0],
    ]);
  });

  it('a following unit lets its head consent only with the leading side', () => {
    const mixed = owner([100, 'for'], [50, 'follow']);
    expect(count([mixed, owners(2, 300, 'for')], CN).Y).toEqual({ areaDm2: 750n, heads: 3n });
    expect(count([mixed, owners(2, 300, 'against')], CN).Y).toEqual({ areaDm2: 100n, heads: 0n });
  });
});

describe('answers as given', () => {
  it('are listed before the silence rule', () => {
    const entries = [owners(3, 100, 'for'), owner([5, 'against'], [6, 'against']), owners(1, 9, 'follow')];
    expect(answerTotal(entries, 'for')).toEqual({ areaDm2: 300n, heads: 3n });
    expect(answerTotal(entries, 'against')).toEqual({ areaDm2: 11n, heads: 1n });
    expect(answerTotal(entries, 'follow')).toEqual({ areaDm2: 9n, heads: 1n });
    expect(answerTotal(entries, 'abstain')).toEqual({ areaDm2: 0n, heads: 0n });
  });
});
