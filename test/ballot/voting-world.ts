// Owners at an open ballot box over real HTTP: papers as their pages get them, casts that a test may bend before or after they
// are signed, and the rows that a refused cast must not leave.

import { sql } from 'kysely';
import type { z } from 'zod';
import type { meetingBody } from '../../src/assembly/contract.ts';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { httpClient, ProblemError } from '../../src/cli/demo/http-client.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import { actTogether, signBy, signInOfficer, untilDone } from '../../src/cli/demo/officer.ts';
import { makeCast, signInOwner } from '../../src/cli/demo/owner.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { letterSeed } from '../../src/record/letter.ts';
import type { Definition } from '../../src/record/meeting.ts';
import { accountHash, definitionForm } from '../../src/record/meeting.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { TestCommunity, TestService } from '../support/service.ts';

export type MeetingBody = z.input<typeof meetingBody>;

export const newClient = ({ service, world }: TestService): HttpClient =>
  httpClient(service.url, () => toBase64Url(world.random(16)));

/** The status and code of a refused request, or `accepted`. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'accepted';
  } catch (error) {
    if (error instanceof ProblemError) return `${error.status} ${error.code}`;
    throw error;
  }
}

/** So long before its opening a meeting is noticed whose bundle is verified: a slow machine does not witness the notice too late (TIME-01). */
export const NOTICED_MS = 600_000;

/** The body of the demo's meeting, to be changed by the test; it opens with the next second unless told otherwise. */
export function meetingOf(
  service: TestService,
  settled: TestCommunity,
  options: { readonly opensInMs?: number; readonly windowMs?: number } = {},
): MeetingBody {
  const opensAt = Math.ceil((service.clock() + (options.opensInMs ?? 0)) / 1000) * 1000;
  return demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(service.clock()),
    opensAt,
    closesAt: opensAt + (options.windowMs ?? 3_600_000),
    capFen: roofCapFen(settled.generated),
    payeeAccount: accountHash(service.world.random(16), '44050178020800000321'),
  });
}

export type Convened = { readonly meeting: string; readonly boxSecret: Uint8Array; readonly opening: string };

/** Notice, roll, box and the signed opening of a meeting; it opens when its time has come. */
export async function conveneBody(
  { world }: Pick<TestService, 'world'>,
  { community, officers }: TestCommunity,
  body: MeetingBody,
): Promise<Convened> {
  const { committee, street } = officers;
  const both = [committee, street] as const;
  const { meeting } = await committee.client.post<{ meeting: string }>(
    `/v1/communities/${community}/meetings`,
    body,
  );
  const draft = (step: string) => () =>
    committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
  await actTogether(world, draft('notice'), both);
  await actTogether(world, draft('roll'), both);
  const boxSecret = world.random(32);
  await street.client.post(`/v1/meetings/${meeting}/box`, { boxKey: toBase64Url(boxPublicKey(boxSecret)) });
  const { act } = await draft('opening')();
  await signBy(world, act, both);
  await world.beatNow();
  return { meeting, boxSecret, opening: act };
}

/** The same, waited for until it is open; a clock that can be moved is moved there where it opens in more than a second. */
export async function openBody(
  { world, clock }: Pick<TestService, 'world'> & Partial<Pick<TestService, 'clock'>>,
  settled: TestCommunity,
  body: MeetingBody,
): Promise<Convened> {
  const convened = await conveneBody({ world }, settled, body);
  const opensAt = Date.parse(body.opens);
  if (clock !== undefined && opensAt > world.clock() + 1000) await leap({ world, clock }, settled, opensAt);
  await untilDone(world, convened.opening, settled.officers.committee);
  return convened;
}

/** Moves the clock and signs every officer in again, since sessions end on the way. */
export async function leap(
  service: Pick<TestService, 'world' | 'clock'>,
  { officers }: TestCommunity,
  at: number,
): Promise<void> {
  service.clock.moveTo(at);
  await service.world.beatNow();
  for (const officer of Object.values(officers)) await signInOfficer(service.world, officer);
}

/** An owner who is signed in and has his papers of a meeting. */
export type Voter = {
  readonly client: HttpClient;
  readonly letter: LetterCode;
  readonly seed: Uint8Array;
  readonly served: PapersAnswer;
  readonly definition: Definition;
};

export async function voterOf(service: TestService, letter: LetterCode, meeting: string): Promise<Voter> {
  const client = newClient(service);
  await signInOwner(service.world, client, { code: letter.code, number: letter.owner.number });
  const served = await client.get<PapersAnswer>(`/v1/meetings/${meeting}/papers`);
  const parsed = definitionForm.parse(present(fromBase64Url(served.definition), 'served bytes'));
  if (!parsed.ok) throw new Error('the definition is malformed');
  return { client, letter, seed: letterSeed(letter.code), served, definition: parsed.value };
}

/** Owners with exactly one entitlement and a ballot on each of so many proposals, whose vote is their own. */
export async function plainVoters(
  service: TestService,
  settled: TestCommunity,
  meeting: string,
  count: number,
  proposals = 2,
): Promise<readonly Voter[]> {
  const voters: Voter[] = [];
  for (const letter of settled.codes) {
    if (voters.length === count) return voters;
    const voter = await voterOf(service, letter, meeting).catch(() => undefined);
    const [paper, more] = voter?.served.papers ?? [];
    if (voter === undefined || paper === undefined || more !== undefined) continue;
    const holders = JSON.parse(new TextDecoder().decode(present(fromBase64Url(paper.opening), 'bytes'))) as {
      readonly holders: readonly unknown[];
    };
    if (holders.holders.length === 1 && paper.ballots.length === proposals) voters.push(voter);
  }
  if (voters.length < count) throw new Error(`only ${voters.length} plain voters`);
  return voters;
}

export const paperOf = ({ served }: Voter): PapersAnswer['papers'][number] =>
  present(served.papers[0], 'a paper');

/** The owner's honest cast, for all proposals, as a record that a test may bend. */
export async function honestCast(service: TestService, voter: Voter, option = 'for'): Promise<Cast> {
  const bytes = await makeCast(service.world, voter.client, voter.served, paperOf(voter), () => [option]);
  const parsed = castForm.parse(bytes);
  if (!parsed.ok) throw new Error(parsed.refusal.where);
  return parsed.value;
}

export const signatureOver = (seed: Uint8Array, bytes: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(seed, castHash(bytes))),
});

/** What the service says to a cast. */
export type Answer = {
  readonly status: number;
  readonly code: string;
  readonly where: string;
  /** The signed refusal, empty where there is none. */
  readonly refusal: string;
  readonly acknowledgement: string;
  readonly repeated: boolean;
};

export async function postJson(
  service: TestService,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const response = await fetch(service.service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

export async function postCast(
  service: TestService,
  meeting: string,
  bytes: Uint8Array,
  signature: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const { status, text } = await postJson(service, `/v1/meetings/${meeting}/casts`, {
    cast: toBase64Url(bytes),
    signature,
    ...more,
  });
  const answer = JSON.parse(text) as Partial<Answer>;
  return {
    status,
    code: answer.code ?? '',
    where: answer.where ?? '',
    refusal: answer.refusal ?? '',
    acknowledgement: answer.acknowledgement ?? '',
    repeated: answer.repeated ?? false,
  };
}

/** Signs a cast with the voter's letter and posts it. */
export async function castBy(
  service: TestService,
  meeting: string,
  voter: Pick<Voter, 'seed'>,
  cast: Cast,
): Promise<Answer> {
  const bytes = castForm.bytes(cast);
  return postCast(service, meeting, bytes, signatureOver(voter.seed, bytes));
}

export type Rows = {
  readonly casts: number;
  readonly answers: number;
  readonly entries: number;
  readonly refusals: number;
};

/** How many rows there are of what a vote leaves. */
export async function countRows({ fresh }: TestService): Promise<Rows> {
  const found = await sql<{ casts: string; answers: string; entries: string; refusals: string }>`
    select (select count(*) from cast_statement) as casts, (select count(*) from cast_answer) as answers,
           (select count(*) from log_entry) as entries,
           (select coalesce(sum(refused), 0) from cast_refusal) as refusals`.execute(fresh.owner);
  const row = present(found.rows[0], 'one row');
  return {
    casts: Number(row.casts),
    answers: Number(row.answers),
    entries: Number(row.entries),
    refusals: Number(row.refusals),
  };
}

/** The kinds of a meeting's log entries, in the order in which they were entered. */
export const entryKindsOf = async (
  { fresh }: Pick<TestService, 'fresh'>,
  meeting: string,
): Promise<readonly string[]> =>
  (
    await fresh.owner
      .selectFrom('log_entry')
      .select('kind')
      .where('meeting_id', '=', meeting)
      .orderBy('id')
      .execute()
  ).map(({ kind }) => kind);
