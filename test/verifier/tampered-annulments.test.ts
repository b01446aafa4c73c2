// Goal: the annulment of a resolution is checked from the bundle, be there money in it or not: after the final result, of an adopted proposal,
// once, by two officers of whom one is the regulator; and whoever reads the report learns of it (SPEC 8.2: TALLY-02, ACT-01). Method:
// the meeting of bundle-builder.ts, whose lift asks for no money, annulled after its result; one lie each, exact failures.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { printReport } from '../../src/verifier/report.ts';
import type { Forge } from './bundle-builder.ts';
import { buildBundle } from './bundle-builder.ts';
import { failing, failuresOf, reportOf } from './failing-checks.ts';

// The story is drawn from one seed.
const [lift, roof] = buildBundle().definition.proposals;
const DOCUMENT = toBase64Url(new Uint8Array(32).fill(7));

type Lies = {
  readonly proposals?: readonly (string | undefined)[];
  readonly by?: readonly string[];
  /** Before which step of the story: `authorise` comes after the final result. */
  readonly before?: 'authorise' | 'final';
};

const annulling = (lies: Lies = {}): Forge => ({
  before: ({ append, community, meeting }, step) => {
    if (step !== (lies.before ?? 'authorise')) return;
    for (const proposal of lies.proposals ?? [lift?.proposal])
      append(
        'annulment',
        {
          v: 1,
          kind: 'resolution.annulled',
          community,
          meeting,
          proposal: proposal ?? '',
          documentHash: DOCUMENT,
        },
        lies.by ?? ['regulator', 'street'],
        lies.before === 'final' ? '2026-12-07T02:00:00Z' : '2026-12-10T02:00:00Z',
      );
  },
});

describe('the annulment of a resolution without money', () => {
  it('passes, and the report names it by title, document and place', async () => {
    const built = buildBundle(annulling());
    expect(await failuresOf(built)).toEqual([]);
    const report = await reportOf(built);
    expect(report.annulled).toEqual([
      {
        proposal: lift?.proposal,
        title: lift?.title,
        documentHash: DOCUMENT,
        index: expect.any(Number),
      },
    ]);
    const text = printReport(report, false);
    expect(text).toContain(`决议已被撤销 resolution annulled: ${lift?.title}`);
    expect(text).toContain(DOCUMENT);
    const standing = await reportOf(buildBundle());
    expect(standing.annulled).toEqual([]);
    expect(printReport(standing, false)).not.toContain('resolution annulled');
  });

  it('TALLY-02: stands after the final result', async () => {
    expect(await failing(annulling({ before: 'final' }))).toContain('TALLY-02');
  });

  it('TALLY-02: is of a proposal of the meeting that was adopted', async () => {
    expect(await failing(annulling({ proposals: ['eaaaaaaaaaaaaaaaaaaaaaaaaa'] }))).toEqual(['TALLY-02']);
    const rejected: Forge = {
      ...annulling(),
      record: (record) => ({
        ...record,
        proposals: record.proposals.map((one, at) => (at === 0 ? { ...one, outcome: 'REJECTED' } : one)),
      }),
    };
    const found = async (forge: Forge): Promise<readonly string[]> => {
      const { checks } = await reportOf(buildBundle(forge));
      const findings = checks.find(({ id }) => id === 'TALLY-02')?.findings ?? [];
      return findings
        .filter(({ where }) => where.includes('resolution.annulled'))
        .map((finding) => finding.found);
    };
    expect(await found(rejected)).toEqual(['REJECTED']);
    expect(await found(annulling())).toEqual([]);
  });

  it('TALLY-02: is entered once', async () => {
    const twice = annulling({ proposals: [lift?.proposal, lift?.proposal] });
    expect(await failing(twice)).toEqual(['TALLY-02']);
  });

  it('ACT-01: has two officers, the regulator among them', async () => {
    expect(await failing(annulling({ by: ['regulator', 'committee'] }))).toEqual([]);
    expect(await failing(annulling({ by: ['regulator'] }))).toEqual(['ACT-01']);
    expect(await failing(annulling({ by: ['committee', 'street'] }))).toEqual(['ACT-01']);
  });

  it('shuts the fund where the resolution has money, and leaves that of others open', async () => {
    expect(await failing(annulling({ proposals: [roof?.proposal] }))).toContain('FUND-02');
  });
});
