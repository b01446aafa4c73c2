// Goal: `verify` finds the published breaks of other voting systems by the check that each story names, and a file of nothing but
// faults does not fill its memory. Method: a whole meeting for each story, in which its lie was told.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { buildBundle } from '../verifier/bundle-builder.ts';
import { checksOf, failuresOf } from '../verifier/failing-checks.ts';
import type { Verified } from './read-corpus.ts';
import { CASES, isKind, isVerified } from './read-corpus.ts';
import { VERIFIED_STORIES } from './verified-stories.ts';

const stories = CASES.filter((one): one is Verified => isVerified(one)).filter(isKind('story'));

describe('a story', () => {
  it.each(stories.map((one) => [`${one.name}: ${one.what}`, one] as const))('%s', async (_, one) => {
    const { built, given } = present(VERIFIED_STORIES[one.name], one.name)();
    expect(await failuresOf(built, { trust: built.trust, ...given })).toContain(one.verified.check);
  });

  it('without a lie fails no check', async () => {
    expect(await failuresOf(buildBundle())).toEqual([]);
  });
});

describe('a file of nothing but faults', () => {
  it('is found, and does not fill the memory with findings', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      files.set('ballots.jsonl', new Uint8Array(16_000_000).fill(10));
    const checks = await checksOf(buildBundle({ files: lie }));
    const findings = checks.flatMap((check) => check.findings).filter(({ where }) => /^ballots/.test(where));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThan(1000);
  });
});
