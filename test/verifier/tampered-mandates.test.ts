// Goal: a vote for somebody else counts only under a mandate that he signed, or two officers over a paper, within its agent, scope,
// time and cap, and never over his own. Method: a dishonest operator tells one lie while the meeting of bundle-builder.ts runs.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import type { Signature } from '../../src/record/signature.ts';
import { seededRandom } from '../support/random.ts';
import type { Ballots } from './bundle-builder.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { MandateWish } from './forge.ts';
import { AGENT } from './story-agents.ts';
import { HONEST_CASTS } from './story-casts.ts';

const random = seededRandom('tampered mandates');
const strange = random(32);
const byStranger = (hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(strange, hash)),
});

const [ADA, ...OTHERS] = HONEST_CASTS as readonly [Ballots, ...Ballots[]];
const BY_AGENT: Ballots = { ...ADA, by: 'deng', mandated: true };
/** Deng votes for ada, and everybody else as ever. */
const CASTS = [BY_AGENT, ...OTHERS];
const given = (change: Partial<MandateWish> = {}): MandateWish => ({ of: 'ada', to: 'deng', ...change });
const lying = (lie: (record: Mandate) => Mandate, casts = CASTS) =>
  failing({ casts, mandates: [given({ record: lie })] });

describe('a mandate', () => {
  it.each<[string, MandateWish, readonly Ballots[]]>([
    ['of an owner', given(), CASTS],
    ['that two officers entered over a paper', given({ paper: true }), CASTS],
    [
      'of a guardian, by two officers',
      given({ paper: true, record: (record) => ({ ...record, basis: 'guardian' }) }),
      CASTS,
    ],
    ['that was taken back after its use', given({ ended: 'after' }), CASTS],
    ['whose principal then votes herself', given(), [BY_AGENT, ADA, ...OTHERS]],
    ['that nobody uses', given({ ended: 'before' }), HONEST_CASTS],
  ])('%s passes', async (_name, wish, casts) => {
    const built = buildBundle({ casts, mandates: [wish] });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['CAST-02', 'CAST-03', 'REV-01', 'LOG-01'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });
});

describe('CAST-02: a mandate', () => {
  it('that nobody signed for its principal', async () => {
    const forged = given({ signed: ({ by }, hash) => ({ by, evidence: [byStranger(hash)] }) });
    expect(await failing({ casts: CASTS, mandates: [forged] })).toEqual(['CAST-02']);
  });

  it('that its agent signed for himself', async () => {
    // Deng gives himself ada's vote with his own letter.
    const own = given({ of: 'deng', to: 'ada' });
    const swapped = (record: Mandate): Mandate => ({ ...record, by: record.to, to: record.by });
    const casts = [{ ...BY_AGENT, owner: 'ada' }, ...OTHERS];
    const lie = { ...own, record: swapped };
    const failures = await failing({ casts, mandates: [given(), lie] });
    expect(failures).toEqual(['CAST-02']);
  });

  it.each<[string, (record: Mandate) => Mandate]>([
    ['of another agent', (record) => ({ ...record, to: { ...record.to, person: newId(random) } })],
    [
      'of an agent under another identity',
      (record) => ({ ...record, to: { ...record.to, identity: toBase64Url(random(32)) } }),
    ],
    [
      'of a principal under another identity',
      (record) => ({ ...record, by: { ...record.by, identity: toBase64Url(random(32)) } }),
    ],
    ['for another meeting', (record) => ({ ...record, meeting: newId(random) })],
    ['for other units', (record) => ({ ...record, units: [newId(random)] })],
    ['for other proposals', (record) => ({ ...record, meeting: record.meeting, proposals: [newId(random)] })],
    ['of a guardian whom no officer saw', (record) => ({ ...record, basis: 'guardian' })],
    [
      'that names a paper which no officer saw',
      (record) => ({ ...record, scanHash: toBase64Url(random(32)) }),
    ],
    ['that was over before the vote', (record) => ({ ...record, until: '2026-10-31' })],
    ['of another community', (record) => ({ ...record, community: newId(random) })],
  ])('%s', async (_name, lie) => {
    expect(await lying(lie)).toEqual(['CAST-02']);
  });

  it('that was taken back before its use', async () => {
    expect(await failing({ casts: CASTS, mandates: [given({ ended: 'before' })] })).toEqual(['CAST-02']);
  });

  it('that the bundle leaves out, or whose end it leaves out', async () => {
    const without = (path: string) =>
      failing({
        casts: CASTS,
        mandates: [given({ ended: 'after' })],
        files: (files) => editLines(files, path, () => []),
      });
    expect(await without('mandates.jsonl')).toEqual(['LOG-01', 'CAST-02', 'REV-01']);
    expect(await without('mandate-revocations.jsonl')).toEqual(['LOG-01']);
  });

  it('of a fourth principal', async () => {
    const principals = ['ada', 'bao', 'chen', 'emei'];
    const mandates = principals.map((of) => given({ of }));
    const casts = [HONEST_CASTS[0], HONEST_CASTS[3], HONEST_CASTS[2], HONEST_CASTS[4], HONEST_CASTS[5]].map(
      (each) => {
        const cast = each as Ballots;
        return principals.includes(cast.owner) ? { ...cast, by: 'deng', mandated: true as const } : cast;
      },
    );
    expect(await failing({ casts, mandates })).toEqual(['CAST-02']);
    // Three are not too many, and a guardian's ward is none of them.
    const ward = given({ of: 'emei', paper: true, record: (record) => ({ ...record, basis: 'guardian' }) });
    expect(await failing({ casts, mandates: [...mandates.slice(0, 3), ward] })).toEqual([]);
  });

  it('of a principal who had frozen her electronic vote', async () => {
    const freeze = { of: 'ada', at: 'open' as const };
    expect(await failing({ casts: CASTS, mandates: [given()], freeze })).toEqual(['CAST-02']);
    // Over a paper it is good, and so is one that was given before.
    expect(await failing({ casts: CASTS, mandates: [given({ paper: true })], freeze })).toEqual([]);
  });

  it('that one officer alone entered, or nobody', async () => {
    const paper = { casts: CASTS, mandates: [given({ paper: true })] };
    const signers = (signed: readonly string[]) => (all: readonly string[], step: string) =>
      step === 'mandate' ? signed : all;
    expect(await failing({ ...paper, signers: signers(['committee']) })).toEqual(['ACT-01']);
    expect(await failing({ ...paper, signers: signers([]) })).toEqual(['ACT-01']);
  });
});

describe('the letter of an agent who owns nothing', () => {
  const casts = [{ ...BY_AGENT, by: AGENT }, ...OTHERS];
  const mandates = [given({ to: AGENT })];

  it('by two officers, under a mandate, votes for its principal', async () => {
    const built = buildBundle({ casts, mandates, agent: {} });
    expect(await failuresOf(built)).toEqual([]);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  it('LET-01: by a registrar alone', async () => {
    // The meeting runs, so that is the other half of what is wrong.
    const checks = await checksOf(buildBundle({ casts, mandates, agent: { byRegistrar: true } }));
    const failed = checks.filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ id }) => id)).toEqual(['LET-01']);
    expect(failed[0]?.findings.map(({ expected }) => expected)).toContain(
      'a letter that names units, or two officers',
    );
  });

  it('LET-02: of somebody whom no mandate names, or none that still stood', async () => {
    const idle = { casts: HONEST_CASTS, agent: {} };
    expect(await failing(idle)).toEqual(['LET-02']);
    expect(await failing({ ...idle, mandates: [given()] })).toEqual(['LET-02']);
    expect(await failing({ ...idle, mandates: [given({ to: AGENT, ended: 'before' })] })).toEqual(['LET-02']);
    expect(await failing({ ...idle, mandates: [given({ to: AGENT, ended: 'after' })] })).toEqual([]);
  });

  it('CAST-02: votes for nobody in his own name', async () => {
    expect(await failing({ casts: [{ ...ADA, by: AGENT }, ...OTHERS], mandates, agent: {} })).toEqual([
      'CAST-02',
      'LET-02',
    ]);
  });
});

describe('CAST-03: the chain', () => {
  it('goes on with an agent after the principal herself', async () => {
    expect(await failing({ casts: [ADA, BY_AGENT, ...OTHERS], mandates: [given()] })).toEqual(['CAST-03']);
  });

  it('goes on with a ward after her guardian', async () => {
    const guardian = given({ paper: true, record: (record) => ({ ...record, basis: 'guardian' }) });
    expect(await failing({ casts: [BY_AGENT, ADA, ...OTHERS], mandates: [guardian] })).toEqual(['CAST-03']);
  });

  it('goes on with a second change of the agent', async () => {
    const casts = [BY_AGENT, BY_AGENT, BY_AGENT, ...OTHERS];
    expect(await failing({ casts, mandates: [given()] })).toEqual(['CAST-03']);
  });
});

describe('REV-01: the end of a mandate', () => {
  it('that its principal did not sign', async () => {
    const forged = given({
      ended: 'after',
      endSigned: ({ by }, hash) => ({ by, evidence: [byStranger(hash)] }),
    });
    expect(await failing({ casts: CASTS, mandates: [forged] })).toEqual(['REV-01']);
  });

  it('that a guardian’s ward signed', async () => {
    const ward = given({
      paper: true,
      ended: 'after',
      record: (record) => ({ ...record, basis: 'guardian' }),
    });
    expect(await failing({ casts: CASTS, mandates: [ward] })).toEqual(['REV-01']);
  });
});
