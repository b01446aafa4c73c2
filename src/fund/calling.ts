/**
 * Calls to top up: two officers ask the homes that have less than 30 % of their first deposit left, by the scheme that the owners decided
 * or the rule of the city. A call holds until the next one, its withdrawal, or the annulment of its resolution (SPEC 8.6; 165 §17).
 */
import { readMeeting } from '../assembly/meetings.ts';
import { lockMeeting } from '../assembly/store.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { addDays, civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { Scope } from '../record/meeting.ts';
import type { TopUpCall } from '../record/top-up.ts';
import { needsTopUp, topUpCallForm, topUpCallHash } from '../record/top-up.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import { unitPlaces } from '../registry/units.ts';
import { lockBook, unlessBusy } from './booking.ts';
import { callInForce, listCalls } from './calls.ts';
import { blankAmong } from './domain/blank-texts.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { isStanding } from './store/annulments.ts';
import { cameInSince, insertCall, insertWithdrawal } from './store/top-ups.ts';
import type { TopUpQuestion } from './topping-up.ts';
import { listTopUps, unitBalances } from './topping-up.ts';

export type CallRequest = TopUpQuestion &
  Pick<TopUpCall, 'meeting' | 'proposal' | 'documentHash' | 'dueOn' | 'text'>;
/** A call that is due in years asks for nothing. */
const LONGEST_DAYS = 366;

type Act = { readonly act: string };
type Drafted = Promise<Result<Act, FundRefusal | Refusal<'ACT_DRAFTED'>>>;
type Basis = Pick<TopUpCall, 'community' | 'meeting' | 'proposal' | 'documentHash'>;

/** The homes that a decision asks: by exactly one of the two, an adopted resolution that raises the fund (M6) and stands, or a rule of the city. */
async function decidedScope(tx: Tx, { documentHash, ...ref }: Basis): Promise<Scope | undefined> {
  const { meeting, proposal } = ref;
  if (meeting === '' || proposal === '')
    return meeting === proposal && documentHash !== '' ? { kind: 'community', members: [] } : undefined;
  if (documentHash !== '') return undefined;
  if (!(await isStanding(tx, ref))) return undefined;
  const { proposals } = present(await readMeeting(tx, meeting), 'a resolution is of a meeting').definition;
  return proposals.find((one) => one.proposal === proposal && one.classes.includes('M6'))?.scope;
}

async function callable(
  tx: Tx,
  deps: FundDeps,
  asked: Basis & Pick<TopUpCall, 'dueOn'>,
): Promise<Result<Scope, FundRefusal>> {
  const scope = await decidedScope(tx, asked);
  if (scope === undefined) return refuse('FUND_TOP_UP_UNDECIDED', 'proposal');
  const today = civilDateAt(deps.clock());
  const isInTime = asked.dueOn > today && asked.dueOn <= addDays(today, LONGEST_DAYS);
  return isInTime ? ok(scope) : refuse('FUND_TOP_UP_DUE', 'dueOn');
}

/** The newest call of a community, in force or not; empty where there is none. */
const newestCall = async (tx: Tx, community: string): Promise<string> =>
  (await listCalls(tx, community, 1))[0]?.head.call ?? '';

/**
 * Whether what the officers signed is as it was drafted: no other call was made, every home that it names stands, and none that it asks
 * has three tenths again by anything but a deposit, which answers the call.
 */
async function isFresh(tx: Tx, { community, former, seq, units }: TopUpCall): Promise<boolean> {
  if ((await newestCall(tx, community)) !== former) return false;
  const named = units.map(({ unit }) => unit);
  if ((await unitPlaces(tx, community, named)).length !== named.length) return false;
  const balances = await unitBalances(tx, community);
  const cameIn = await cameInSince(tx, community, BigInt(seq));
  return units
    .filter(({ dueFen }) => dueFen !== '0')
    .every(({ unit, firstFen }) =>
      needsTopUp((balances.get(unit) ?? 0n) - (cameIn.get(unit) ?? 0n), BigInt(firstFen)),
    );
}

/** Drafts a call for its two officers, of the balances as the book has them now. */
export function draftCall(deps: OfficerDeps, request: CallRequest, draftedBy: string): Drafted {
  const csv = request.csv.replace(/^\uFEFF/, '');
  const { csv: _, ...asked } = request;
  return unlessBusy<Act, FundRefusal | Refusal<'ACT_DRAFTED'>>(() =>
    inDraft(deps, async (tx): Promise<Result<Act, FundRefusal>> => {
      const { community } = asked;
      if (blankAmong({ text: asked.text }) !== undefined) return refuse('FUND_TEXT_BLANK', 'text');
      // Nothing may be booked between the balances and the number of the last entry.
      const book = await lockBook(tx, community);
      if (book === undefined) return refuse('FUND_BOOK_MISSING');
      const good = await callable(tx, deps, asked);
      if (!good.ok) return good;
      const list = await listTopUps(tx, request, good.value);
      if (!list.ok) return list;
      const { known, below } = list.value;
      if (below.length === 0 || book.lastSeq === 0n) return refuse('FUND_TOP_UP_NONE', 'csv');
      const record: TopUpCall = {
        v: 1,
        kind: 'top-up-call',
        ...asked,
        call: newId(deps.random),
        former: await newestCall(tx, community),
        depositsHash: toBase64Url(sha256(utf8(csv))),
        seq: Number(book.lastSeq),
        units: known
          .map(({ unit, firstDepositFen, balanceFen, missingFen }) => ({
            unit,
            firstFen: String(firstDepositFen),
            balanceFen: String(balanceFen),
            dueFen: String(missingFen),
          }))
          .sort((a, b) => (a.unit < b.unit ? -1 : 1)),
        nonce: toBase64Url(deps.random(16)),
      };
      const bytes = topUpCallForm.bytes(record);
      const { call } = record;
      const entry: UnsignedEntry<'topup.called'> = {
        v: 1,
        kind: 'topup.called',
        community,
        call,
        ground: record.meeting === '' ? 'rule' : 'resolution',
        callHash: topUpCallHash(bytes),
      };
      const details = { record: toBase64Url(bytes) };
      return ok({ act: await draftAct(tx, deps, { entry, details, draftedBy }) });
    }),
  );
}

function signedCall({ entry, details }: SignedAct) {
  const bytes = present(fromBase64Url(details['record'] ?? ''), 'a call is drafted with its record');
  const { callHash } = entry as UnsignedEntry<'topup.called'>;
  assert(topUpCallHash(bytes) === callHash, 'the officers signed the bytes of the call');
  return { bytes, record: topUpCallForm.own(bytes) };
}

/**
 * Locks the community, the meeting of its resolution and the book before the entry's place in the log is drawn, so that no register and no
 * annulment stands on the wrong side.
 */
export async function lockCall(tx: Tx, act: SignedAct): Promise<void> {
  const { community, meeting } = signedCall(act).record;
  await lockCommunityOf(tx, act);
  if (meeting !== '') await lockMeeting(tx, meeting);
  await lockBook(tx, community);
}

/**
 * Puts a signed call into force in the transaction that wrote its log entry, row `entryId`. What was paid in meanwhile counts: the record
 * names the entry of the book that its balances end with.
 */
export async function applyCall(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const { bytes, record } = signedCall(act);
  const good = await callable(tx, deps, record);
  if (!good.ok) return good;
  if (!(await isFresh(tx, record))) return refuse('FUND_TOP_UP_STALE');
  const orNull = (id: string): string | null => (id === '' ? null : id);
  await insertCall(tx, {
    community_id: record.community,
    call_id: record.call,
    meeting_id: orNull(record.meeting),
    proposal_id: orNull(record.proposal),
    seq: BigInt(record.seq),
    due_on: record.dueOn,
    record: bytes,
    hash: present(fromBase64Url(topUpCallHash(bytes)), 'own hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}

export type WithdrawalRequest = {
  readonly community: string;
  readonly call: string;
  /** SHA-256 of the document that says why, base64url. */
  readonly documentHash: string;
};

async function withdrawable(
  tx: Tx,
  { community, call }: Pick<WithdrawalRequest, 'community' | 'call'>,
): Promise<Result<undefined, FundRefusal>> {
  const standing = await callInForce(tx, community);
  return standing?.head.call === call ? ok(undefined) : refuse('FUND_TOP_UP_UNKNOWN', 'call');
}

/** Drafts the withdrawal of the call in force for its two officers. */
export function draftWithdrawal(deps: OfficerDeps, request: WithdrawalRequest, draftedBy: string): Drafted {
  return inDraft(deps, async (tx): Promise<Result<Act, FundRefusal>> => {
    const good = await withdrawable(tx, request);
    if (!good.ok) return good;
    const { community, call, documentHash } = request;
    const entry: UnsignedEntry<'topup.withdrawn'> = {
      v: 1,
      kind: 'topup.withdrawn',
      community,
      call,
      documentHash,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy }) });
  });
}

/** Locks the book before the entry's place in the log is drawn, so that it stands on the right side of another call. */
export async function lockWithdrawal(tx: Tx, act: SignedAct): Promise<void> {
  await lockBook(tx, (act.entry as UnsignedEntry<'topup.withdrawn'>).community);
}

/** Takes the call back in the transaction that wrote its log entry, row `entryId`; refused where another call stands by now. */
export async function applyWithdrawal(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'topup.withdrawn'>;
  const good = await withdrawable(tx, entry);
  if (!good.ok) return good;
  await insertWithdrawal(tx, {
    community_id: entry.community,
    call_id: entry.call,
    document_hash: present(fromBase64Url(entry.documentHash), 'checked hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}
