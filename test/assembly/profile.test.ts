// Goal: the rule profile is complete, cited, canonical, and refuses parameters that it does not permit. Method: the
// data against tables, and a hash that was computed outside this code.
import { describe, expect, it } from 'vitest';
import { MATTER_CLASSES, matterClass } from '../../src/assembly/domain/matter-class.ts';
import {
  CN_2021,
  defaultParameters,
  profileById,
  profileBytes,
  profileHash,
  profileIds,
  readParameters,
} from '../../src/assembly/domain/profile.ts';
import { fromUtf8, toHex } from '../../src/base/bytes.ts';
import { parseCanonical } from '../../src/base/canonical.ts';

const DEFAULTS = defaultParameters(CN_2021);

describe('matter classes', () => {
  it('are the nine items of Civil Code §278, three of them major', () => {
    expect(MATTER_CLASSES.map(({ id, item }) => [id, item])).toEqual(
      Array.from({ length: 9 }, (_, at) => [`M${at + 1}`, at + 1]),
    );
    const major = MATTER_CLASSES.filter(({ threshold }) => threshold === 'MAJOR');
    expect(major.map(({ id }) => id)).toEqual(['M6', 'M7', 'M8']);
    expect(matterClass('M5')).toMatchObject({
      article: '《民法典》第278条第1款第5项',
      threshold: 'ORDINARY',
    });
  });

  it('an unknown id has no class', () => {
    expect(matterClass('M10')).toBeUndefined();
    expect(matterClass('constructor')).toBeUndefined();
  });
});

describe('profile CN-2021', () => {
  it('is found by its id', () => {
    expect(profileIds()).toEqual(['CN-2021', 'DEMO-CN-2021']);
    expect(profileById('CN-2021')).toBe(CN_2021);
    expect(profileById('CN-1999')).toBeUndefined();
  });

  it('has the decided defaults', () => {
    expect(DEFAULTS).toEqual({
      quorumNum: 2,
      quorumDen: 3,
      quorumTest: 'GE',
      ordinaryNum: 1,
      ordinaryDen: 2,
      ordinaryTest: 'GT',
      majorNum: 3,
      majorDen: 4,
      majorTest: 'GE',
      abstainParticipates: true,
      invalidParticipates: false,
      malformedParticipates: true,
      silenceRule: 'NONE',
      noticeDays: 15,
      windowDays: 10,
      windowDaysMin: 5,
      windowDaysMax: 60,
      extensionCount: 1,
      extensionDays: 20,
      extensionOnlyWithoutQuorum: true,
      objectionDays: 7,
      postingDays: 15,
      ballotGranularity: 'head',
      conflictingUnits: 'split-area',
      headKey: 'ownerset',
      countSpecialSpaces: false,
      blankAnswer: 'absent',
      coOwners: 'first',
      proxyCap: 3,
      revoteLimit: 1,
      letterRevote: false,
      duplicateRule: 'OWN_KEY',
      liveResults: 'participation',
      rollCutoff: 'notice',
      electionRank: 'HEADS_AREA',
      fundHoldNeedsAll: true,
      fundEmergency: false,
    });
  });

  it('cites article, source and certainty for each parameter, and permits each default', () => {
    for (const [name, setting] of Object.entries(CN_2021.settings)) {
      expect([name, setting.zh, setting.article, setting.source]).not.toContain('');
      expect('VWKI').toContain(setting.certainty);
    }
    expect(readParameters(CN_2021, DEFAULTS)).toEqual({ ok: true, value: DEFAULTS });
  });

  it('has one canonical form that reads back to its parameters', () => {
    const bytes = profileBytes(CN_2021);
    expect(parseCanonical(bytes)).toEqual({
      v: 1,
      id: 'CN-2021',
      version: 1,
      validFrom: '2021-01-01',
      parameters: DEFAULTS,
    });
    expect(fromUtf8(bytes)).toMatch(/^\{"id":"CN-2021","parameters":\{"abstainParticipates":true,/);
  });

  it('has the hash that SHA-256 over the frame gives, and another for other parameters', () => {
    expect(toHex(profileHash(CN_2021))).toBe(
      'fe483b312569c7e8ce2edda44013b2f7bbb9d9ded5308ba433392efa11b56e5b',
    );
    expect(toHex(profileHash(CN_2021, { ...DEFAULTS, noticeDays: 16 }))).not.toBe(
      'fe483b312569c7e8ce2edda44013b2f7bbb9d9ded5308ba433392efa11b56e5b',
    );
  });
});

describe('the parameters of a definition', () => {
  it('may differ from the defaults within what the profile permits', () => {
    const chosen = {
      ...DEFAULTS,
      noticeDays: 20,
      countSpecialSpaces: true,
      headKey: 'representative',
    } as const;
    expect(readParameters(CN_2021, chosen)).toEqual({ ok: true, value: chosen });
  });

  const rows = [
    ['a notice of 14 days', { noticeDays: 14 }, 'PARAMETER_NOT_PERMITTED', 'noticeDays'],
    ['a window of 61 days', { windowDays: 61 }, 'PARAMETER_NOT_PERMITTED', 'windowDays'],
    ['half a day', { noticeDays: 15.5 }, 'PARAMETER_NOT_PERMITTED', 'noticeDays'],
    ['a number as text', { noticeDays: '15' }, 'PARAMETER_NOT_PERMITTED', 'noticeDays'],
    ['another quorum', { quorumNum: 1 }, 'PARAMETER_NOT_PERMITTED', 'quorumNum'],
    ['a strict quorum', { quorumTest: 'GT' }, 'PARAMETER_NOT_PERMITTED', 'quorumTest'],
    [
      'abstention outside the base',
      { abstainParticipates: false },
      'PARAMETER_NOT_PERMITTED',
      'abstainParticipates',
    ],
    ['a truth as text', { letterRevote: 'false' }, 'PARAMETER_NOT_PERMITTED', 'letterRevote'],
    ['emergencies by a meeting', { fundEmergency: true }, 'PARAMETER_NOT_PERMITTED', 'fundEmergency'],
    ['an unknown choice', { headKey: 'household' }, 'PARAMETER_NOT_PERMITTED', 'headKey'],
    ['an unknown parameter', { quorum: 2 }, 'PARAMETER_UNKNOWN', 'quorum'],
  ] as const;
  it.each(rows)('%s is refused', (_name, change, code, where) => {
    expect(readParameters(CN_2021, { ...DEFAULTS, ...change })).toEqual({
      ok: false,
      refusal: { code, where },
    });
  });

  it('are all present', () => {
    const { proxyCap: _, ...others } = DEFAULTS;
    expect(readParameters(CN_2021, others)).toEqual({
      ok: false,
      refusal: { code: 'PARAMETER_MISSING', where: 'proxyCap' },
    });
  });
});
