// Goal: a void that nothing upheld, or that takes what did not stand, is named by VOID-01, and a result that a void should have changed by
// TALLY-01 and TALLY-02 (SPEC 6.7, 8.2). Method: the story of bundle-builder.ts with one void and its recount; one lie at a time, and the
// exact checks that fail.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { canonicalText } from '../../src/base/canonical.ts';
import { newId } from '../../src/base/clock.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing } from './failing-checks.ts';
import type { VoidDecision } from './forge.ts';

const random = seededRandom('tampered voids');
const hash = () => toBase64Url(random(32));

describe('a meeting that was counted again', () => {
  it('passes every check, and says so of VOID-01', async () => {
    const checks = await checksOf(buildBundle({ voids: {} }));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'VOID-01')?.outcome).toBe('pass');
    expect(checks.find(({ id }) => id === 'TALLY-02')?.outcome).toBe('pass');
  });

  it('passes in its public bundle, which does not claim to know why', async () => {
    const checks = await checksOf(publicBundle(buildBundle({ voids: {} })));
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'VOID-01')?.outcome).toBe('not made');
  });

  it('passes without a void too', async () => {
    const checks = await checksOf(buildBundle({}));
    expect(checks.find(({ id }) => id === 'VOID-01')?.outcome).toBe('pass');
  });
});

describe('VOID-01', () => {
  it('the objection was rejected', async () => {
    const decided = () => ({ decision: 'rejected' as const, condemns: [] });
    expect(await failing({ voids: { decided } })).toEqual(['VOID-01']);
  });

  it('the decision condemns another statement, or none', async () => {
    const other = hash();
    const decided = (said: VoidDecision) => ({ ...said, condemns: [other] });
    // What is condemned still counts, as far as anybody can see.
    expect(await failing({ voids: { decided } })).toEqual(['TALLY-01', 'VOID-01']);
    expect(await failing({ voids: { decided: (said) => ({ ...said, condemns: [] }) } })).toEqual(['VOID-01']);
  });

  it('a reason that cannot be true: no paper was forged, and no mandate is named', async () => {
    for (const reason of ['FORGED_PAPER', 'NO_MANDATE'] as const)
      expect(await failing({ voids: { entry: (said) => ({ ...said, reason }) } })).toEqual(['VOID-01']);
  });

  it('another owner claims that her vote is not hers', async () => {
    expect(await failing({ voids: { objector: 'ada' } })).toEqual(['VOID-01']);
  });

  it('passes for another reason, which others can see too', async () => {
    const entry = { entry: (said: object) => ({ ...said, reason: 'COURT' }) as never };
    expect(await failing({ voids: { objector: 'ada', ...entry } })).toEqual([]);
  });

  it('an objection that nobody filed', async () => {
    const objection = newId(random);
    const lie = await failing({ voids: { entry: (said) => ({ ...said, objection }) } });
    expect(lie).toEqual(['VOID-01']);
  });

  it('what is voided is not what stood', async () => {
    const other = hash();
    const lie = await failing({ voids: { entry: (said) => ({ ...said, voids: other, prev: other }) } });
    // What the decision condemned still counts.
    expect(lie).toEqual(['TALLY-01', 'CAST-03', 'VOID-01']);
  });

  it('its place in the chain is another', async () => {
    expect(await failing({ voids: { entry: (said) => ({ ...said, seq: 3 }) } })).toEqual(['CAST-03']);
  });

  it('the vote of an owner who did not vote', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'recount') return;
        const at = { v: 1, kind: 'cast.voided', community: world.community, meeting: world.meeting } as const;
        const [objection, none] = [newId(random), hash()];
        world.append(
          'void',
          { ...at, entitlement: newId(random), seq: 1, prev: none, voids: none, reason: 'COURT', objection },
          ['committee', 'street'],
          '2026-12-02T02:30:00Z',
        );
      },
      voids: { record: (record) => ({ ...record, voids: 2 }) },
    });
    expect(lie).toEqual(['CAST-03', 'VOID-01']);
  });
});

describe('who signed it', () => {
  it.each([
    ['one officer alone', ['street']],
    ['registrar and street', ['registrar', 'street']],
    ['nobody', []],
  ])('ACT-01: %s', async (_, signers) => {
    expect(await failing({ voids: { signers } })).toContain('ACT-01');
  });

  it('ACT-03: the pair of another convener', async () => {
    expect(await failing({ voids: { signers: ['street', 'regulator'] } })).toEqual(['ACT-03']);
  });
});

describe('the recount', () => {
  it('TALLY-02: the first count stays in force after the void', async () => {
    expect(await failing({ voids: { uncounted: true } })).toEqual(['TALLY-02']);
  });

  it('TALLY-01: the record counts no void', async () => {
    expect(await failing({ voids: { record: (record) => ({ ...record, voids: 0 }) } })).toEqual(['TALLY-01']);
  });

  it('TALLY-02: a vote is left out that nobody voided, and an upheld objection is not mended', async () => {
    const lie = await failing({ voids: { without: true, record: (record) => ({ ...record, voids: 0 }) } });
    expect(lie).toEqual(['TALLY-01', 'TALLY-02']);
  });

  it('LOG-01 and TALLY-02: what was published first is another record', async () => {
    const other = (line: string): string => {
      const { tally, ...rest } = JSON.parse(line) as { tally: string };
      const record = tallyRecordForm.own(present(fromBase64Url(tally), 'bytes'));
      const bytes = tallyRecordForm.bytes({ ...record, refusals: [] });
      return canonicalText({ ...rest, tally: toBase64Url(bytes) });
    };
    const files = (all: Map<string, Uint8Array>): void =>
      editLines(all, 'former-tallies.jsonl', (lines) => lines.map(other));
    expect(await failing({ voids: {}, files })).toEqual(['LOG-01', 'TALLY-02']);
  });

  it('TALLY-02: what was published first is not in the bundle', async () => {
    const built = buildBundle({ voids: {}, files: (files) => files.delete('former-tallies.jsonl') });
    const checks = await checksOf(built);
    const failed = checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(failed).toEqual(['LOG-01']);
    expect(checks.find(({ id }) => id === 'TALLY-02')?.outcome).toBe('not made');
  });
});
