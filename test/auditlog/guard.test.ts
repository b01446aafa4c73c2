// Goal: the log may sign only what continues both its guard and its own checkpoints.
// Method: a table of states, each differing in one fact from one that may continue.
import { describe, expect, it } from 'vitest';
import type { LogState } from '../../src/auditlog/domain/guard.ts';
import { guardForm, guardOf, mayContinue } from '../../src/auditlog/domain/guard.ts';
import { EMPTY_ROOT, leafHash } from '../../src/record/merkle.ts';

const [rootOf5, rootOf7, other] = [5, 7, 9].map((size) => leafHash(Uint8Array.of(size))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const kept = guardOf({ origin: 'vote.example/log', size: 5, root: rootOf5 });
const state: LogState = {
  origin: 'vote.example/log',
  size: 7,
  root: rootOf7,
  headRoot: rootOf7,
  rootAtGuard: rootOf5,
  newest: { size: 5, root: rootOf5 },
  rootAtNewest: rootOf5,
};
const empty: LogState = {
  ...state,
  size: 0,
  root: EMPTY_ROOT,
  headRoot: EMPTY_ROOT,
  rootAtGuard: EMPTY_ROOT,
  newest: undefined,
  rootAtNewest: undefined,
};

describe('the log may sign', () => {
  it('where the database continues the guard and its newest checkpoint', () => {
    expect(mayContinue(kept, state)).toEqual({ ok: true, value: undefined });
    expect(mayContinue(kept, { ...state, newest: undefined, rootAtNewest: undefined }).ok).toBe(true);
  });

  it('without a guard only where it never signed', () => {
    expect(mayContinue(undefined, empty).ok).toBe(true);
    expect(mayContinue(undefined, { ...state, newest: undefined }).ok).toBe(true);
    expect(mayContinue(undefined, state)).toMatchObject({ refusal: { code: 'LOG_GUARD_MISSING' } });
  });
});

describe('the log may not sign', () => {
  it.each<[string, string, Partial<LogState>]>([
    ['LOG_GUARD_FOREIGN', 'another origin', { origin: 'vote.example/log/2' }],
    ['LOG_GUARD_ROLLED_BACK', 'fewer entries than the guard', { size: 4, newest: undefined }],
    [
      'LOG_GUARD_ROLLED_BACK',
      'fewer entries than its newest checkpoint',
      { newest: { size: 8, root: other } },
    ],
    ['LOG_GUARD_FORKED', 'another root at the size of the guard', { rootAtGuard: other }],
    ['LOG_GUARD_FORKED', 'no tiles at the size of the guard', { rootAtGuard: undefined }],
    ['LOG_GUARD_FORKED', 'another root at its newest checkpoint', { rootAtNewest: other }],
    ['LOG_GUARD_FORKED', 'no tiles at its newest checkpoint', { rootAtNewest: undefined }],
    ['LOG_GUARD_FORKED', 'a head that its tiles do not give', { headRoot: other }],
  ])('%s: %s', (code, _, change) => {
    expect(mayContinue(kept, { ...state, ...change })).toMatchObject({ ok: false, refusal: { code } });
  });

  it('with an empty database beside a guard of entries', () => {
    expect(mayContinue(kept, empty)).toMatchObject({ refusal: { code: 'LOG_GUARD_ROLLED_BACK' } });
  });
});

describe('the guard file', () => {
  it('reads back what was written, and nothing else', () => {
    const bytes = guardForm.bytes(kept);
    expect(guardForm.parse(bytes)).toEqual({ ok: true, value: kept });
    expect(guardForm.parse(bytes.slice(1)).ok).toBe(false);
  });
});
