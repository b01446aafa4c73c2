/**
 * Papers: two officers key one apart, each for himself, and sign one act where their bytes are equal; then it is accepted in one
 * transaction under the locks of a cast (SPEC 6.4, 6.5).
 */
import { readWindows, windowLocks } from '../assembly/meetings.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { isBoxKey, SEAL_OVERHEAD } from '../crypto/sealed-box.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import { designatedVoters } from '../identity/designations.ts';
import { areMandatesInForce, mandatesNamed } from '../identity/mandate-uses.ts';
import { designationLocks } from '../identity/store/designations.ts';
import { agentLocks } from '../identity/store/mandates.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { Paper } from '../record/paper.ts';
import { PAPER_CODE_BYTES, paperForm, paperHash } from '../record/paper.ts';
import { standingsOf } from '../registry/frozen-roll.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { armedMeeting } from './cast-facts.ts';
import { chainEnds } from './chain-ends.ts';
import type { ArmedMeeting } from './domain/cast-checking.ts';
import { askedHead } from './domain/cast-checking.ts';
import { chainKey } from './domain/group-deciding.ts';
import type { PaperFacts } from './domain/paper-acceptance.ts';
import { decidePaper, ephemeralKeysOfPaper, readPaper } from './domain/paper-acceptance.ts';
import type { BallotRefusalCode } from './refusals.ts';
import { principalsServed, standingOf } from './store/cast-groups.ts';
import { chainLocks } from './store/casts.ts';
import {
  insertKeying,
  insertPaperStatement,
  insertScan,
  isSerialSpent,
  keyedBy,
  paperBallot,
  paperLocks,
  unkeyedSigners,
  waitingPapers,
} from './store/papers.ts';

type PaperRefusal = Refusal<BallotRefusalCode>;

/** Who keys papers: the roles whose pairs may sign `paper.accepted` (SPEC 2.4). */
const KEYERS: readonly string[] = ['clerk', 'scrutineer', 'street'];

/** Largest picture, with its salt, and what sealing adds. */
const MAX_SCAN_BYTES = 3 * 1024 * 1024 + PAPER_CODE_BYTES + SEAL_OVERHEAD;

/** The meeting of a paper for an officer who may key it. */
export async function meetingForKeying(
  deps: BallotDeps,
  officer: OfficerSession,
  meeting: string,
): Promise<Result<ArmedMeeting, Refusal<'MEETING_UNKNOWN' | 'NOT_ALLOWED'>>> {
  const armed = await armedMeeting(deps.db, deps.casts.memory, meeting);
  if (armed === undefined || !actsIn(officer, armed.community)) return refuse('MEETING_UNKNOWN');
  return KEYERS.includes(officer.role) ? ok(armed) : refuse('NOT_ALLOWED');
}

async function factsOf(
  tx: Tx,
  deps: Pick<BallotDeps, 'clock'>,
  armed: ArmedMeeting,
  paper: Paper,
): Promise<PaperFacts> {
  const { community, meeting } = armed;
  const { entitlement, serial, signer } = paper;
  const now = deps.clock();
  const { windows } = await readWindows(tx, [meeting]);
  const row = await paperBallot(tx, community, meeting, serial);
  const [standing] = await standingsOf(tx, [{ community, meeting, entitlement }]);
  const head = standing === undefined ? undefined : askedHead(armed, standing);
  const [designated = ''] = await designatedVoters(tx, [
    head === undefined ? undefined : { ...head, community, meeting, at: now },
  ]);
  const [mandate] = await mandatesNamed(tx, [{ community, mandate: paper.mandate }]);
  const [isMandateInForce = false] = await areMandatesInForce(tx, [
    { community, mandate: paper.mandate, at: now },
  ]);
  const of = <T>(values: readonly T[]) => ({
    communities: values.map(() => community),
    meetings: values.map(() => meeting),
    values,
  });
  const stands = await standingOf(tx, of([entitlement]), of([]), of(ephemeralKeysOfPaper(paper)));
  const served = await principalsServed(tx, of([signer]));
  return {
    window: windows.get(meeting),
    now,
    printed: row && {
      entitlement: row.entitlement_id,
      isSpent: await isSerialSpent(tx, community, meeting, serial),
    },
    standing,
    designated,
    mandate,
    isMandateInForce,
    principals: new Set(served.map(({ principal_id }) => principal_id)),
    end: chainEnds(stands.casts).get(chainKey(meeting, entitlement)),
    sealedWith: new Set(stands.keys.map(({ value }) => toBase64Url(value))),
  };
}

/** A paper as an officer's page sends it; `scan` is `salt ‖ file` sealed to the ballot box, empty where the picture was brought before. */
export type KeyedPaper = {
  readonly bytes: Uint8Array;
  readonly scan: Uint8Array;
  /** He has looked again and stands by it, although another officer keyed something else. */
  readonly handIn: boolean;
};

/** What became of it: he is the first, or keyed as somebody before him, or otherwise. Of another's marks he learns no more. */
export type Keyed = { readonly became: 'drafted' | 'equal' | 'differs'; readonly act: string };

/** An officer's own reading of a paper: equal bytes lead to the act that both sign, others are a second version, never a third. */
export async function keyPaper(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  keyed: KeyedPaper,
): Promise<Result<Keyed, PaperRefusal>> {
  const found = await meetingForKeying(deps, officer, meetingId);
  if (!found.ok) return found;
  const armed = found.value;
  const read = readPaper(armed, keyed.bytes);
  if (!read.ok) return read;
  return inDraft(deps, (tx) => keyIn(tx, deps, officer, armed, read.value, keyed));
}

const isSealedScan = (scan: Uint8Array): boolean =>
  scan.length > SEAL_OVERHEAD + PAPER_CODE_BYTES &&
  scan.length <= MAX_SCAN_BYTES &&
  isBoxKey(scan.subarray(0, 32));

async function keyIn(
  tx: Tx,
  deps: BallotDeps,
  { officer }: OfficerSession,
  armed: ArmedMeeting,
  paper: Paper,
  { bytes, scan, handIn }: KeyedPaper,
): Promise<Result<Keyed, PaperRefusal>> {
  await takeLocks(tx, [paperLocks(paper.serial)]);
  const decided = decidePaper(armed, paper, await factsOf(tx, deps, armed, paper));
  if (!decided.ok) return decided;
  const versions = await versionsOf(tx, armed, paper);
  const own = toBase64Url(paperHash(bytes));
  const equal = versions.find(({ hash }) => hash === own);
  const note = async (act: string): Promise<void> =>
    insertKeying(tx, {
      act_id: act,
      officer_id: officer,
      community_id: armed.community,
      keyed_at_ms: BigInt(deps.clock()),
    });
  if (equal !== undefined) {
    await note(equal.act);
    return ok({ became: 'equal', act: equal.act });
  }
  const [first, second] = versions;
  if (first !== undefined) {
    if (second !== undefined || !handIn) return ok({ became: 'differs', act: '' });
    // Whoever stands behind one version may not also bring the other: he withdraws the first.
    const acts = versions.map(({ act }) => act);
    if (await keyedBy(tx, officer, acts)) return refuse('PAPER_VERSIONS');
  }
  // A second version may have its own picture: the first one's could be of anything, and nobody sees it before the close.
  if (paper.scanHash !== first?.paper.scanHash) {
    if (!isSealedScan(scan)) return refuse('PAPER_SCAN');
    await insertScan(tx, {
      community_id: armed.community,
      meeting_id: armed.meeting,
      serial: paper.serial,
      scan_hash: present(fromBase64Url(paper.scanHash), 'checked hash'),
      boxed_scan: scan,
      brought_by: officer,
      brought_at_ms: BigInt(deps.clock()),
    });
  }
  const { community, meeting } = armed;
  const { entitlement, seq } = paper;
  const entry = {
    v: 1,
    kind: 'paper.accepted',
    community,
    meeting,
    entitlement,
    seq,
    paperHash: own,
  } as const;
  const details = { serial: paper.serial, record: toBase64Url(bytes) };
  const act = await draftAct(tx, deps, { entry, details, draftedBy: officer });
  await note(act);
  return ok({ became: 'drafted', act });
}

/** Nobody signs what he did not key himself: neither the service nor the other officer tells him what it says. */
export const keyedByHimself = async (
  tx: Tx,
  act: string,
  officer: string,
): Promise<Result<undefined, Refusal<'PAPER_NOT_KEYED'>>> =>
  (await keyedBy(tx, officer, [act])) ? ok(undefined) : refuse('PAPER_NOT_KEYED');

type Version = { readonly act: string; readonly paper: Paper; readonly hash: string };

/** The versions of a serial that may still stand: those that continue the chain as it is now. */
export async function versionsOf(
  tx: Tx | BallotDeps['db'],
  { community, meeting }: Pick<ArmedMeeting, 'community' | 'meeting'>,
  at: Pick<Paper, 'serial' | 'seq' | 'prev'>,
): Promise<readonly Version[]> {
  const versions: Version[] = [];
  for (const { act_id: act, details } of await waitingPapers(tx, community, meeting)) {
    const { serial, record = '' } = JSON.parse(details) as SignedAct['details'];
    if (serial !== at.serial) continue;
    const bytes = present(fromBase64Url(record), 'own bytes');
    const paper = paperForm.own(bytes);
    if (paper.seq === at.seq && paper.prev === at.prev)
      versions.push({ act, paper, hash: toBase64Url(paperHash(bytes)) });
  }
  return versions;
}

function paperOf({ entry, details }: SignedAct): { readonly paper: Paper; readonly bytes: Uint8Array } {
  assert(entry.kind === 'paper.accepted', `${entry.kind} accepts no paper`);
  const bytes = present(fromBase64Url(details['record'] ?? ''), 'drafted with its record');
  assert(toBase64Url(paperHash(bytes)) === entry.paperHash, 'the paper is the one that was signed');
  return { paper: paperForm.own(bytes), bytes };
}

/** What a paper relies on, locked as a cast locks it, before its entry's place in the log is drawn (SPEC 6.5, 6.6). */
export async function lockPaper(tx: Tx, act: SignedAct): Promise<void> {
  const { entry } = act;
  assert(entry.kind === 'paper.accepted', `${entry.kind} accepts no paper`);
  const { paper } = paperOf(act);
  await takeLocks(tx, [
    windowLocks([entry.meeting]),
    chainLocks([entry.entitlement]),
    agentLocks(paper.mandate === '' ? [] : [paper.signer]),
    designationLocks([entry.community], true),
  ]);
  // Its share lock is what counts here; whether it is in force is asked with all the rest.
  await areMandatesInForce(tx, [{ community: entry.community, mandate: paper.mandate, at: 0 }]);
}

/** Accepts the paper of a signed act, or says why it may not stand. */
export async function applyPaper(
  tx: Tx,
  deps: BallotDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, PaperRefusal>> {
  const { paper, bytes } = paperOf(act);
  const { entry } = act;
  assert(entry.kind === 'paper.accepted', `${entry.kind} accepts no paper`);
  if ((await unkeyedSigners(tx, act.actId)).length > 0) return refuse('PAPER_NOT_KEYED');
  const armed = present(
    await armedMeeting(tx, deps.casts.memory, entry.meeting),
    'a paper was drafted for an opened meeting',
  );
  const decided = decidePaper(armed, paper, await factsOf(tx, deps, armed, paper));
  if (!decided.ok) return decided;
  await insertPaperStatement(
    tx,
    {
      community_id: armed.community,
      meeting_id: armed.meeting,
      cast_hash: paperHash(bytes),
      entitlement_id: paper.entitlement,
      seq: paper.seq,
      prev: present(fromBase64Url(paper.prev), 'checked hash'),
      credential_id: null,
      signer_id: paper.signer,
      serial: paper.serial,
      mandate_id: paper.mandate === '' ? null : paper.mandate,
      channel: 'paper',
      cast_bytes: bytes,
      signature: null,
      acknowledgement: null,
      entry_id: entryId,
      accepted_at_ms: BigInt(deps.clock()),
    },
    ephemeralKeysOfPaper(paper),
  );
  return ok(undefined);
}
