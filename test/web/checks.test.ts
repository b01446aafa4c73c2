// Goal: a page that is served anything false stops before it shows a ballot (SPEC 6.0). Method: real papers from the whole service,
// each part bent in turn; the first wrong part must be named. No browser: the checks are pure.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PapersAnswer, ReceiptAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { castForm } from '../../src/record/cast.ts';
import { openChoice } from '../../src/record/choice.ts';
import { entryForm } from '../../src/record/entry.ts';
import { rollOpeningForm } from '../../src/record/identity.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { definitionForm, meetingHash } from '../../src/record/meeting.ts';
import { parseLogProof } from '../../src/record/proof.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { ParticipationAnswer } from '../../src/tally/contract.ts';
import type { BuiltInTrust } from '../../src/web/kit/api.ts';
import { logTrustOf } from '../../src/web/kit/trust.ts';
import { letterVotingKey } from '../../src/web/owner/voting-key.ts';
import { draftCast, signCast } from '../../src/web/vote/casting.ts';
import type { CheckedPapers } from '../../src/web/vote/checks.ts';
import { checkPapers } from '../../src/web/vote/checks.ts';
import type { OwnCast } from '../../src/web/vote/receipt-checks.ts';
import {
  checkAcknowledgement,
  checkParticipation,
  checkReceipt,
  isPromised,
} from '../../src/web/vote/receipt-checks.ts';
import type { WebWorld } from './web-world.ts';
import { letterOf, openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

/** The same base64url text with one bit of its bytes changed. */
function bent(text: string): string {
  const bytes = present(fromBase64Url(text), 'base64url').slice();
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return toBase64Url(bytes);
}

describe('the checks of the voting page', () => {
  let world: WebWorld;
  let opened: Awaited<ReturnType<typeof openMeeting>>;
  let papers: PapersAnswer;
  let others: PapersAnswer;
  let trust: ReturnType<typeof logTrustOf>;
  const clientOf = () => httpClient(world.demo.service.url, () => toBase64Url(world.demo.world.random(16)));
  async function papersOf({ letter }: ReturnType<typeof letterOf>): Promise<PapersAnswer> {
    const client = clientOf();
    await signInOwner(world.demo.world, client, { code: letter.code, number: letter.owner.number });
    return client.get<PapersAnswer>(`/v1/meetings/${opened.meeting}/papers`);
  }
  const codeOf = (answer: PapersAnswer): string => {
    const checked = checkPapers(answer, opened.meeting, trust);
    return checked.ok ? 'ok' : checked.refusal.code;
  };
  beforeAll(async () => {
    world = await webWorld('checks');
    opened = await openMeeting(world);
    await world.demo.world.beatNow();
    const mine = letterOf(world, ownsOneDwelling);
    papers = await papersOf(mine);
    others = await papersOf(letterOf(world, (each) => ownsOneDwelling(each) && each !== mine.letter));
    const { origin, logVkey, witnesses, quorum } = world.demo.service.deps.deployment;
    trust = logTrustOf({ origin, logVkey, witnesses, quorum } satisfies BuiltInTrust);
  });
  afterAll(async () => {
    await world?.close();
  });

  it('pass for what an honest service serves', () => {
    expect(codeOf(papers)).toBe('ok');
    expect(codeOf(others)).toBe('ok');
  });

  it('name the part that is false', () => {
    const [paper] = papers.papers;
    const [foreign] = others.papers;
    if (paper === undefined || foreign === undefined) throw new Error('two owners with a paper each');
    const only = (change: Partial<typeof paper>) => ({ ...papers, papers: [{ ...paper, ...change }] });
    const [first, ...rest] = paper.ballots;
    const bentToken = (token: string) => {
      const [head = '', body = '', signature = ''] = token.split('.');
      return `${head}.${body}.${bent(signature)}`;
    };
    const definition = definitionForm.parse(present(fromBase64Url(papers.definition), 'bytes'));
    if (!definition.ok || first === undefined) throw new Error('a served definition with a ballot');
    const entry = entryForm.parse(present(fromBase64Url(papers.openedEntry), 'bytes'));
    const leaf = rollLeafForm.parse(present(fromBase64Url(paper.leaf), 'bytes'));
    const opening = rollOpeningForm.parse(present(fromBase64Url(paper.opening), 'bytes'));
    if (!entry.ok || !leaf.ok || !opening.ok) throw new Error('served records');
    const otherEvidence = toBase64Url(entryForm.bytes({ ...entry.value, evidence: [] }));
    const units = leaf.value.units.map((unit) => ({ ...unit, areaDm2: `9${unit.areaDm2}` }));
    const largerLeaf = toBase64Url(rollLeafForm.bytes({ ...leaf.value, units }));
    const stranger = { person: world.community, identity: opening.value.holders[0]?.identity ?? '' };
    const otherHolder = toBase64Url(rollOpeningForm.bytes({ ...opening.value, holders: [stranger] }));
    const rehashed = definitionForm.bytes({ ...definition.value, title: '另一次会议' });
    const cases: readonly (readonly [string, PapersAnswer])[] = [
      ['DEFINITION_HASH', { ...papers, definition: bent(papers.definition) }],
      ['DEFINITION_HASH', { ...papers, meetingHash: bent(papers.meetingHash) }],
      ['OPENED_ENTRY', { ...papers, definition: toBase64Url(rehashed), meetingHash: meetingHash(rehashed) }],
      ['OPENED_NOT_YET', { ...papers, openedProof: '' }],
      ['OPENED_ENTRY', { ...papers, openedEntry: papers.definition }],
      ['OPENED_PROOF', { ...papers, openedEntry: otherEvidence }],
      ['OPENED_PROOF', { ...papers, openedProof: papers.openedProof.replace(/index \d+/, 'index 0') }],
      [
        'TEXT_CHANGED',
        { ...papers, texts: papers.texts.map((each) => ({ ...each, body: `${each.body} ` })) },
      ],
      ['TEXT_MISSING', { ...papers, texts: papers.texts.slice(1) }],
      ['ROLL_LEAF', only({ leaf: paper.opening })],
      ['ROLL_INCLUSION', only({ leaf: largerLeaf })],
      ['ROLL_LEAF', only({ leaf: foreign.leaf })],
      ['ROLL_INCLUSION', only({ index: paper.index === 0 ? 1 : paper.index - 1 })],
      ['ROLL_INCLUSION', only({ inclusion: paper.inclusion.slice(1) })],
      ['ROLL_OPENING', only({ opening: otherHolder })],
      ['ROLL_OPENING', only({ opening: foreign.opening })],
      ['ROLL_NOT_HOLDER', { ...papers, papers: [foreign] }],
      ['BALLOT_SIGNATURE', only({ ballots: [{ ...first, token: bentToken(first.token) }, ...rest] })],
      ['BALLOT_MISSING', only({ ballots: rest })],
      ['BALLOT_CLAIMS', only({ ballots: foreign.ballots })],
      ['BALLOT_CLAIMS', { ...papers, credential: others.credential }],
      ['PAPERS_EMPTY', { ...papers, papers: [] }],
    ];
    expect(cases.map(([, answer]) => codeOf(answer))).toEqual(cases.map(([code]) => code));
  });

  it('do not take a log, witnesses or a meeting other than those of the published files', () => {
    const fails = (changed: typeof trust, meeting = opened.meeting) => {
      const checked = checkPapers(papers, meeting, changed);
      return checked.ok ? 'ok' : checked.refusal.code;
    };
    expect(fails({ ...trust, quorum: 1 })).toBe('DEFINITION_LOG');
    expect(fails({ ...trust, witnesses: trust.witnesses.slice(1) })).toBe('DEFINITION_LOG');
    expect(fails({ ...trust, logVkey: trust.witnesses[0]?.vkey ?? '' })).toBe('DEFINITION_LOG');
    expect(fails(trust, world.community)).toBe('DEFINITION_MEETING');
  });

  it('do not open a ballot on a checkpoint that fewer than the quorum cosigned', () => {
    const lines = papers.openedProof.split('\n');
    const cosigned = (line: string) => /^— localhost\/witness-/.test(line);
    const parsed = parseLogProof(papers.openedProof);
    expect(parsed.ok && lines.filter(cosigned).length).toBe(3);
    const without = lines.filter((line) => !cosigned(line)).join('\n');
    expect(codeOf({ ...papers, openedProof: without })).toBe('OPENED_QUORUM');
  });

  it('follow a cast to its receipt and to the list of who took part', async () => {
    const checked = checkPapers(papers, opened.meeting, trust);
    if (!checked.ok) throw new Error(checked.refusal.code);
    const own = await castAndCheck(checked.value);
    const { demo, officers } = world;
    demo.clock.moveTo(opened.closesAt + 1000);
    await demo.world.beatNow();
    for (const officer of Object.values(officers)) await signInOfficer(demo.world, officer);
    const secret = toBase64Url(opened.boxSecret);
    const path = `/v1/meetings/${opened.meeting}/box/release`;
    const release = () => officers.street.client.post<{ act: string }>(path, { secret });
    await actTogether(demo.world, release, [officers.street]);
    await demo.world.beatNow();
    await demo.world.beatNow();
    const list = await clientOf().get<ParticipationAnswer>(`/v1/meetings/${opened.meeting}/participation`);
    const verdict = (answer: ParticipationAnswer, cast: OwnCast) => {
      const read = checkParticipation(answer, cast, trust);
      return read.ok ? read.value : read.refusal.code;
    };
    expect(verdict(list, own)).toBe('counted');
    expect(verdict(list, { ...own, castHash: bent(own.castHash) })).toBe('replaced');
    const foreign = present(others.papers[0], 'another owner').entitlement;
    expect(verdict(list, { ...own, entitlement: foreign })).toBe('missing');
    expect(verdict({ ...list, participation: bent(list.participation) }, own)).toBe('LIST_HASH');
    expect(verdict({ ...list, entry: bent(list.entry) }, own)).toMatch(/^LIST_(ENTRY|HASH|PROOF)$/);
    const moved = list.proof.replace(/index \d+/, 'index 0');
    expect(verdict({ ...list, proof: moved }, own)).toBe('LIST_PROOF');
    expect(verdict(list, { ...own, meeting: foreign })).toBe('LIST_ENTRY');
  });

  async function castAndCheck(checked: CheckedPapers): Promise<OwnCast> {
    const paper = present(checked.papers[0], 'one paper');
    const { letter } = letterOf(world, ownsOneDwelling);
    const choices = Object.fromEntries(
      paper.questions.map(({ proposal }) => [proposal.proposal, ['against']]),
    );
    const drafted = draftCast(checked, paper, choices, world.demo.world.random);
    const statement = castForm.parse(drafted.bytes);
    if (!statement.ok) throw new Error(statement.refusal.code);
    for (const [at, question] of paper.questions.entries()) {
      const sealed = present(fromBase64Url(statement.value.answers[at]?.sealed ?? ''), 'sealed');
      const context = {
        meeting: checked.meetingHash,
        entitlement: paper.entitlement,
        ballot: question.ballot,
        proposal: question.proposal,
      };
      expect(openChoice(sealed, opened.boxSecret, context)).toEqual({ ok: true, value: ['against'] });
    }
    const client = clientOf();
    const body = await signCast(letterVotingKey(letterSeed(letter.code)), drafted);
    if (!body.ok) throw new Error(body.problem.code);
    const path = `/v1/meetings/${opened.meeting}/casts`;
    const { acknowledgement } = await client.post<{ acknowledgement: string }>(path, body.value);
    const own: OwnCast = {
      meeting: opened.meeting,
      meetingHash: checked.meetingHash,
      entitlement: paper.entitlement,
      castHash: toBase64Url(drafted.castHash),
      seq: drafted.seq,
    };
    const { ack, ballot } = checked.definition.keys;
    const promised = checkAcknowledgement(acknowledgement, own, ack);
    if (!promised.ok) throw new Error(promised.refusal.code);
    expect(checkAcknowledgement(acknowledgement, own, ballot)).toMatchObject({ ok: false });
    expect(checkAcknowledgement(acknowledgement, { ...own, seq: 2 }, ack)).toMatchObject({
      refusal: { code: 'ACK_CLAIMS' },
    });
    await world.demo.world.beatNow();
    const receipt = await client.get<ReceiptAnswer>(`${path}/${own.castHash}/receipt`);
    expect(checkReceipt(receipt, own, trust)).toMatchObject({ ok: true });
    expect(isPromised(receipt, promised.value)).toBe(true);
    expect(checkReceipt(receipt, { ...own, castHash: bent(own.castHash) }, trust)).toMatchObject({
      refusal: { code: 'RECEIPT_ENTRY' },
    });
    const moved = { ...receipt, proof: receipt.proof.replace(/index \d+/, 'index 0') };
    expect(checkReceipt(moved, own, trust)).toMatchObject({ refusal: { code: 'RECEIPT_PROOF' } });
    return own;
  }
});
