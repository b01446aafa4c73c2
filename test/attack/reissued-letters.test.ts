// Goal: during a vote a lost letter is replaced by two officers and by nobody less, and neither the new letter nor a key that it binds
// takes over a vote that was cast (SPEC 2.4, 3.2, 6.7). Method: a whole meeting over HTTP, then its bundle through every check.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { bindOwnKey, newDeviceKey, signInByKey } from '../../src/cli/demo/owner-key.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { Answer, Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  conveneBody,
  honestCast,
  leap,
  meetingOf,
  newClient,
  plainVoters,
  postCast,
  refusal,
  voterOf,
} from '../ballot/voting-world.ts';
import { madeAgain, REASON, reissuedTo, uploadReissue } from '../support/reissue.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let open: Convened;
/** One has voted by his letter, one has not, one keeps his letter. */
let voted: Voter;
let absent: Voter;
let other: Voter;
beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  // Convened well before it opens, so that a slow machine does not witness the notice too late.
  const body = meetingOf(service, settled, { opensInMs: 600_000, windowMs: 7_200_000 });
  open = await conveneBody(service, settled, body);
  await leap(service, settled, Date.parse(body.opens) + 1000);
  await untilDone(service.world, open.opening, settled.officers.committee);
  const voters = await plainVoters(service, settled, open.meeting, 3);
  [voted, absent, other] = [0, 1, 2].map((at) => present(voters[at], 'a voter')) as [Voter, Voter, Voter];
  const answer = await castBy(service, open.meeting, voted, await honestCast(service, voted));
  expect(answer.status).toBe(201);
}, 120_000);
afterAll(async () => service?.close());

const said = ({ status, code }: Answer): string => `${status} ${code}`.trim();
const ownerOf = ({ code, owner }: LetterCode) => ({ code, number: owner.number });
const vote = async (voter: Voter): Promise<string> =>
  said(await castBy(service, open.meeting, voter, await honestCast(service, voter, 'against')));

describe('during the vote', () => {
  it('a registrar alone replaces no letter', async () => {
    const { registrar } = settled.officers;
    const { batch, items } = await madeAgain(service, settled, [other.letter.person]);
    const upload = () =>
      registrar.client.post<{ act: string }>(`/v1/communities/${settled.community}/letters`, {
        batch,
        madeIn: 'command',
        until: '',
        items,
      });
    await expect(actTogether(service.world, upload, [registrar])).rejects.toThrow('LETTERS_WHILE_OPEN');
  });

  it('a reissue needs a reason, a registrar to make it, and two others to sign it', async () => {
    const { registrar, committee } = settled.officers;
    const made = await madeAgain(service, settled, [other.letter.person]);
    expect(await refusal(uploadReissue(settled, made, ' '))).toBe('422 REISSUE_REASON');
    const { act } = await uploadReissue(settled, made);
    expect(await refusal(signBy(service.world, act, [registrar]))).toBe('403 ACTION_ROLE');
    await signBy(service.world, act, [committee]);
    await service.world.beatNow();
    // One signature is none: the letter that he has is still good.
    expect((await voterOf(service, other.letter, open.meeting)).served.credential).toBe(other.letter.letter);
  });

  it('more than ten letters are no reissue', async () => {
    const persons = settled.codes.slice(0, 11).map(({ person }) => person);
    const made = await madeAgain(service, settled, persons);
    expect(await refusal(uploadReissue(settled, made))).toBe('400 REQUEST_MALFORMED');
  });

  it('an owner who had not voted votes by his new letter, and not by the old one', async () => {
    const old = await honestCast(service, absent);
    const letter = await reissuedTo(service, settled, absent.letter.person);
    expect(said(await castBy(service, open.meeting, absent, old))).toBe('403 CAST_CREDENTIAL');
    expect(await vote(await voterOf(service, letter, open.meeting))).toBe('201');
  });

  it('a new letter takes over no vote, nor does a key that it binds', async () => {
    const { committee, street } = settled.officers;
    const made = 'browser';
    const letter = await reissuedTo(service, settled, voted.letter.person, [committee, street], made);
    const thief = await voterOf(service, letter, open.meeting);
    expect(await vote(thief)).toBe('409 CAST_REVOTE_KEY');
    const key = newDeviceKey(service.world);
    const first = newClient(service);
    await signInOwner(service.world, first, ownerOf(letter));
    await bindOwnKey(service.world, first, ownerOf(letter), key);
    const client = newClient(service);
    await signInByKey(service.world, client, ownerOf(letter), key);
    const served = await client.get<PapersAnswer>(`/v1/meetings/${open.meeting}/papers`);
    const cast = castForm.bytes(await honestCast(service, { ...thief, client, served }, 'against'));
    const answer = await postCast(service, open.meeting, cast, key.sign(castHash(cast)));
    expect(said(answer)).toBe('409 CAST_REVOTE_KEY');
  });
});

describe('a key that no letter holds', () => {
  const stranger = () => service.world.random(16);
  it('signs nobody in', async () => {
    const login = signInOwner(service.world, newClient(service), {
      code: stranger(),
      number: other.letter.owner.number,
    });
    expect(await refusal(login)).toBe('403 IDENTITY_REFUSED');
  });
  it('votes for nobody, under its own name or under an owner’s', async () => {
    const cast = await honestCast(service, other);
    const seed = letterSeed(stranger());
    const invented = { ...cast, credential: newId(service.world.random) };
    expect(said(await castBy(service, open.meeting, { seed }, invented))).toBe('403 CAST_CREDENTIAL');
    expect(said(await castBy(service, open.meeting, { seed }, cast))).toBe('403 CAST_SIGNATURE');
  });
});

describe('afterwards', () => {
  it('the log names no reason, and the bundle holds both reissues and passes every check', async () => {
    const { street } = settled.officers;
    const { meeting, boxSecret } = open;
    const read = () => newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
    await leap(service, settled, Date.parse((await read()).closes));
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
        secret: toBase64Url(boxSecret),
      });
    await actTogether(service.world, release, [street]);
    await service.world.beatNow();
    const { deps } = service.service;
    const files = await exportBundle(deps, meeting, 'auditor');
    const trust = await exportTrust(deps, meeting);
    if (!files.ok || !trust.ok) throw new Error('no bundle');
    const reissues = fromUtf8(present(files.value.get('reissues.jsonl'), 'a file')) ?? '';
    expect(reissues.trim().split('\n')).toHaveLength(2);
    const tally = tallyRecordForm.parse(present(files.value.get('tally.json'), 'a file'));
    expect(tally).toMatchObject({
      value: { lateLetters: 2, counterBindings: 0, lettersFrom: 'browser' },
    });
    const entries = await service.fresh.db.selectFrom('log_entry').select('data').execute();
    const texts = entries.map(({ data }) => fromUtf8(data) ?? '');
    expect(texts.filter((text) => text.includes('"letters.reissued"'))).toHaveLength(2);
    expect(texts.filter((text) => text.includes(REASON))).toEqual([]);
    const parsed = trustForm.parse(trust.value);
    if (!parsed.ok) throw new Error('malformed');
    const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: parsed.value });
    if (!report.ok) throw new Error(report.refusal.code);
    expect(report.value.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  }, 60_000);
});
