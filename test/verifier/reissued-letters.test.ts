// Goal: a letter reissued during the vote is good where two officers gave it for its own person, and takes over no vote (SPEC 3.2, 6.7).
// Method: the story with an honest reissue passes every check; then one lie at a time, by the checks that it fails.
import { describe, expect, it } from 'vitest';
import { failing } from './failing-checks.ts';
import { reissued } from './story-reissue.ts';

describe('a letter reissued while the meeting runs', () => {
  it('votes for an owner who had not voted', async () => {
    expect(await failing(reissued())).toEqual([]);
  });
  it('CAST-03: takes over no live cast of the letter that it replaces', async () => {
    expect(await failing(reissued({ of: 'bao' }))).toEqual(['CAST-03']);
  });
  it('LET-01: by a registrar alone, as any batch', async () => {
    const lie = reissued({
      entry: ({ reissueHash: _, ...entry }) => ({ ...entry, kind: 'letters.issued' }),
      signers: ['registrar'],
      lines: () => [],
    });
    expect(await failing(lie)).toEqual(['LET-01']);
  });
  it('ACT-01: by a registrar alone', async () => {
    expect(await failing(reissued({ signers: ['registrar'] }))).toContain('ACT-01');
  });
  it('LET-01: beside the letter that its person has', async () => {
    expect(await failing(reissued({ item: (item) => ({ ...item, replaces: '' }) }))).toEqual(['LET-01']);
  });
  it('LOG-01: with no reason', async () => {
    expect(await failing(reissued({ lines: () => [] }))).toEqual(['LOG-01']);
  });
  it('LOG-01: with the same reason twice', async () => {
    expect(await failing(reissued({ lines: (lines) => [...lines, ...lines] }))).toEqual(['LOG-01']);
  });
  it('LET-01: with the reason of another batch', async () => {
    expect(await failing(reissued({ reason: (one) => ({ ...one, batch: 'a'.repeat(26) }) }))).toEqual([
      'LET-01',
    ]);
  });
});
