// Goal: what a convener writes becomes exactly the definition that is noticed, or is refused with the field at fault; the opened
// definition equals the noticed one in all else. Method: a good draft with one change for each refusal.
import { describe, expect, it } from 'vitest';
import type { DraftCode, ProposalDraft } from '../../src/assembly/domain/drafting.ts';
import { openedDefinition, parameterList, parameterOf } from '../../src/assembly/domain/drafting.ts';
import { MATTER_CLASSES, matterClass } from '../../src/assembly/domain/matter-class.ts';
import { DEMO_CN_2021, defaultParameters } from '../../src/assembly/domain/profile.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { sealLengthOf } from '../../src/record/choice.ts';
import { asNoticed, definitionForm, noticeHash, textHash } from '../../src/record/meeting.ts';
import { aHash, definitionOf, draft, election, motion, noticed, WHOLE } from './drafts.ts';

const FUND = {
  capFen: '100000',
  payee: '防水公司',
  payeeAccount: aHash(),
  purpose: '翻修',
  units: WHOLE,
};
const THREE = election().candidates;

describe('a draft', () => {
  it.each<readonly [what: string, ProposalDraft, DraftCode, where: string]>([
    ['a class twice', motion({ classes: ['M4', 'M4'] }), 'PROPOSAL_CLASSES', 'classes'],
    ['an election in another class', election({ classes: ['M4'] }), 'PROPOSAL_CLASSES', 'classes'],
    ['an election in two classes', election({ classes: ['M3', 'M9'] }), 'PROPOSAL_CLASSES', 'classes'],
    ['fund money outside class M5', motion({ classes: ['M9'], fund: [FUND] }), 'PROPOSAL_FUND', 'fund'],
    [
      'a cap of nothing',
      motion({ classes: ['M5'], fund: [{ ...FUND, capFen: '0' }] }),
      'PROPOSAL_FUND',
      'fund',
    ],
    [
      'no units to bear the cost',
      motion({ classes: ['M5'], fund: [{ ...FUND, units: { kind: 'buildings', members: [] } }] }),
      'PROPOSAL_FUND',
      'fund',
    ],
    ['fund money in an election', election({ fund: [FUND] }), 'PROPOSAL_FUND', 'fund'],
    ['a motion with candidates', motion({ candidates: THREE }), 'PROPOSAL_CANDIDATES', 'candidates'],
    ['an election without a seat', election({ seats: 0 }), 'PROPOSAL_CANDIDATES', 'candidates'],
    [
      'an election of one',
      election({ candidates: THREE.slice(0, 1), seats: 1 }),
      'PROPOSAL_CANDIDATES',
      'candidates',
    ],
    [
      'a candidate twice',
      election({ candidates: [...THREE, ...THREE.slice(0, 1)] }),
      'PROPOSAL_CANDIDATES',
      'candidates',
    ],
    [
      'a whole community with members',
      motion({ scope: { ...WHOLE, members: ['1栋'] } }),
      'PROPOSAL_SCOPE',
      'scope',
    ],
    ['no buildings', motion({ scope: { kind: 'buildings', members: [] } }), 'PROPOSAL_SCOPE', 'scope'],
    ['a blank text', motion({ text: ' \n ' }), 'TEXT_EMPTY', 'text'],
  ])('with %s is refused and the field named', (_, bad, code, field) => {
    expect(noticed(draft([motion(), bad]))).toEqual({
      ok: false,
      refusal: { code, where: `proposals[1].${field}` },
    });
  });

  it('with a blank notice is refused', () => {
    expect(noticed(draft([motion()], { noticeText: '\n' }))).toEqual({
      ok: false,
      refusal: { code: 'TEXT_EMPTY', where: 'noticeText' },
    });
  });

  it('of a motion offers for, against and abstain, one of them', () => {
    const [proposal] = definitionOf([motion({ classes: ['M5'], fund: [FUND] })]).proposals;
    expect(proposal).toMatchObject({ form: 'motion', seats: 0, min: 1, max: 1, mode: 'open', fund: [FUND] });
    expect(proposal?.options.map(({ id }) => id)).toEqual(['for', 'against', 'abstain']);
    expect(proposal?.textHash).toBe(textHash('拟续聘三年。'));
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [60, 3],
  ])('of an election of three for %i seats lets an owner mark %i', (seats, max) => {
    const proposal = present(definitionOf([election({ seats })]).proposals[0], 'a proposal');
    expect(proposal).toMatchObject({ form: 'election', seats, max, min: 1 });
    expect(proposal.sealLength).toBe(sealLengthOf(proposal));
  });
});

describe('a definition', () => {
  it('has canonical bytes that are read back', () => {
    const definition = definitionOf([motion(), election()]);
    const parsed = definitionForm.parse(definitionForm.bytes(definition));
    expect(parsed).toEqual({ ok: true, value: definition });
  });

  it('names every parameter once, sorted, as text', () => {
    const { parameters } = definitionOf([motion()], { letterRevote: true }).profile;
    const names = parameters.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names.sort()).toEqual(Object.keys(defaultParameters(DEMO_CN_2021)).sort());
    expect(parameters).toContainEqual({ name: 'letterRevote', value: 'true' });
    expect(parameters).toEqual(parameterList({ ...defaultParameters(DEMO_CN_2021), letterRevote: true }));
  });

  it('is asked for a parameter by name, and an absent one is a broken promise', () => {
    const definition = definitionOf([motion()]);
    expect(parameterOf(definition, 'revoteLimit')).toBe('1');
    const { profile } = definition;
    const empty = { ...definition, profile: { ...profile, parameters: [] } };
    expect(() => parameterOf(empty, 'revoteLimit')).toThrow('revoteLimit');
  });

  it('that opens equals the noticed one in all but roll, keys and box', () => {
    const before = definitionOf([motion(), election()]);
    const keys = { ballot: aHash(), ack: aHash(), certificate: aHash() };
    const after = openedDefinition(before, { root: aHash(), size: 7 }, keys, aHash());
    expect(asNoticed(after)).toEqual(before);
    expect(noticeHash(after)).toBe(noticeHash(before));
    const changed = Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
    );
    expect(changed.map(([name]) => name).sort()).toEqual(['boxKey', 'keys', 'rollRoot', 'rollSize']);
  });

  it('as noticed has zeros where the roll, the keys and the box will stand', () => {
    const zeros = toBase64Url(new Uint8Array(32));
    expect(definitionOf([motion()])).toMatchObject({
      rollRoot: zeros,
      rollSize: 0,
      boxKey: zeros,
      keys: { ballot: zeros, ack: zeros, certificate: zeros },
    });
  });
});

describe('a matter class', () => {
  it('is one of the nine of the article, three of them by three quarters', () => {
    expect(MATTER_CLASSES.map(({ item }) => item)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const major = MATTER_CLASSES.filter(({ threshold }) => threshold === 'MAJOR').map(({ id }) => id);
    expect(major).toEqual(['M6', 'M7', 'M8']);
    expect(matterClass('M5')?.article).toContain('第5项');
    expect(matterClass('M10')).toBeUndefined();
  });
});
