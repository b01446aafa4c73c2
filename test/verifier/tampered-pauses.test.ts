// Goal: a pause is checked from the bundle alone: pairs, nothing voted or closed meanwhile, a close that moves by as long as the pause
// took, a reason that everybody can read, the regulator's own signature (SPEC 5: EXT-01, TIME-01, LOG-01, ACT-01). Method: a dishonest
// operator tells one lie while the meeting of bundle-builder.ts runs; exact failures are asserted, and an honest pause passes.
import { describe, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { textHash } from '../../src/record/meeting.ts';
import { seededRandom } from '../support/random.ts';
import type { Forge } from './bundle-builder.ts';
import { failing } from './failing-checks.ts';
import type { World } from './forge.ts';
import { plus } from './story.ts';

const random = seededRandom('tampered pauses');
const hash = (): string => toBase64Url(random(32));
const REASON = '收到举报，暂停投票核实';
const PAUSED_AT = '2026-11-29T00:00:00Z';
const RESUMED_AT = '2026-11-29T00:30:00Z';
/** Half an hour and the ten minutes of the signing after the close of the window. */
const CLOSES = '2026-11-30T01:40:00Z';
const PAUSE = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const OTHER_PAUSE = 'eaaaaaaaaaaaaaaaaaaaaaaaaa';

type Lies = {
  readonly pausedAt?: string;
  readonly closes?: string;
  /** Which pause is said to end; none where it is empty. */
  readonly resumes?: string;
  readonly reason?: string;
  readonly by?: readonly string[];
  /** After the pause and before its end. */
  readonly meanwhile?: (world: World) => void;
};

const stop = ({ community, meeting }: World, pause = PAUSE) =>
  ({ v: 1, kind: 'meeting.paused', community, meeting, pause, reasonHash: textHash(REASON) }) as const;

function paused(lies: Lies = {}): Forge {
  const { by = ['regulator'], closes = CLOSES, resumes = PAUSE, pausedAt = PAUSED_AT } = lies;
  return {
    before: (world, step) => {
      if (step !== 'close') return;
      const { community, meeting, log } = world;
      // What witnesses saw just before bounds both instants.
      log.publish(plus(pausedAt, -1000));
      world.append('open', stop(world), by, pausedAt);
      lies.meanwhile?.(world);
      if (resumes === '') return;
      const entry = { v: 1, kind: 'meeting.resumed', community, meeting, pause: resumes, closes } as const;
      world.append('open', entry, by, RESUMED_AT);
    },
    time: (at, step) => (step === 'close' ? plus(closes, 2000) : at),
    files: (files) => files.set(`notice/${textHash(REASON)}.txt`, utf8(lies.reason ?? REASON)),
  };
}

describe('an honest pause', () => {
  it('passes, and the vote closes by as much later', async () => {
    expect(await failing(paused())).toEqual([]);
  });
});

describe('what happens while the vote is paused', () => {
  it('EXT-01: a cast that is entered counts as a broken rule', async () => {
    const vote = (world: World): void => {
      const { community, meeting } = world;
      const entitlement = OTHER_PAUSE;
      const entry = { v: 1, kind: 'paper.accepted', community, meeting, entitlement, seq: 1 } as const;
      world.append('paper', { ...entry, paperHash: hash() }, ['street'], '2026-11-29T00:10:00Z');
    };
    expect(await failing(paused({ meanwhile: vote }))).toContain('EXT-01');
  });
  it('EXT-01: honest casts stand in the log between pause and end', async () => {
    const forge = paused();
    const early: Forge = {
      ...forge,
      before: (world, step) => {
        if (
          step === 'cast' &&
          !world.log.entries.some((bytes) => new TextDecoder().decode(bytes).includes(PAUSE))
        )
          world.append('open', stop(world), ['regulator'], '2026-11-20T02:00:00Z');
        if (step !== 'close') return;
        const { community, meeting } = world;
        const entry = { v: 1, kind: 'meeting.resumed', community, meeting, pause: PAUSE } as const;
        world.append('open', { ...entry, closes: '2026-12-08T22:40:00Z' }, ['regulator'], RESUMED_AT);
      },
    };
    expect(await failing(early)).toContain('EXT-01');
  });
  it('EXT-01: an extension, and a close of a vote that never went on', async () => {
    const extend = ({ append, community, meeting }: World): void => {
      const entry = { v: 1, kind: 'meeting.extended', community, meeting, closes: CLOSES } as const;
      append('open', entry, ['committee', 'street'], '2026-11-29T00:10:00Z');
    };
    expect(await failing(paused({ meanwhile: extend, closes: '2026-11-30T02:20:00Z' }))).toContain('EXT-01');
    expect(await failing({ ...paused({ resumes: '' }), time: (at) => at })).toEqual(['EXT-01']);
  });
  it('EXT-01: a second pause, the end of another one, an end without a pause', async () => {
    const again = (world: World): void => {
      world.append('open', stop(world, OTHER_PAUSE), ['regulator'], '2026-11-29T00:00:30Z');
    };
    expect(await failing(paused({ meanwhile: again }))).toEqual(['EXT-01']);
    expect(await failing(paused({ resumes: OTHER_PAUSE }))).toEqual(['EXT-01']);
  });
  it('EXT-01 and TIME-01: a pause after the close', async () => {
    const late = paused({ pausedAt: '2026-11-30T01:05:00Z' });
    expect(await failing(late)).toEqual(expect.arrayContaining(['TIME-01']));
  });
});

describe('the close after a pause', () => {
  /** Witnesses see the log grow just before the vote goes on, so the shortest length is known. */
  const seen = (world: World): void => {
    const files = [{ path: '/vote.js', sha256: hash() }];
    world.append('open', { v: 1, kind: 'assets.published', files }, [], plus(RESUMED_AT, -1000));
  };

  it('TIME-01: is not moved by less than the pause took', async () => {
    expect(await failing(paused({ meanwhile: seen, closes: '2026-11-30T01:29:30Z' }))).toEqual([]);
    expect(await failing(paused({ meanwhile: seen, closes: '2026-11-30T01:10:00Z' }))).toEqual(['TIME-01']);
  });
  it('TIME-01: nor by more than the pause and its signing', async () => {
    expect(await failing(paused({ closes: '2026-11-30T01:42:00Z' }))).toEqual([]);
    expect(await failing(paused({ closes: '2026-11-30T01:43:00Z' }))).toEqual(['TIME-01']);
  });
  it('EXT-01: nor backwards', async () => {
    expect(await failing(paused({ closes: '2026-11-30T00:50:00Z' }))).toContain('EXT-01');
  });
  it('TIME-01: counts, so that the close of the window is too early', async () => {
    expect(await failing({ ...paused(), time: (at) => at })).toEqual(['TIME-01']);
  });
});

describe('who paused, and why', () => {
  it('ACT-01: it was not the regulator', async () => {
    expect(await failing(paused({ by: ['street'] }))).toEqual(['ACT-01']);
    expect(await failing(paused({ by: ['committee', 'street'] }))).toContain('ACT-01');
    expect(await failing(paused({ by: [] }))).toContain('ACT-01');
  });
  it('LOG-01: the reason is another, or nowhere', async () => {
    expect(await failing(paused({ reason: '例行维护' }))).toContain('LOG-01');
    expect(await failing({ ...paused(), files: () => undefined })).toEqual(['LOG-01']);
  });
});
