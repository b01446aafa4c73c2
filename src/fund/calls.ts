/** Reading calls to top up: all of a community, what is still open of the one in force, and what an owner is asked for his own homes (SPEC 8.6). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { EntryOf } from '../record/entry.ts';
import { registryUnits } from '../registry/units.ts';
import { stillDue } from './domain/top-ups.ts';
import type { UnitPlace } from './domain/unit-finding.ts';
import type { FundRefusal } from './refusals.ts';
import type { CallHead } from './store/top-ups.ts';
import { calledLines, callInForceAt, callRecord, callsOf, cameInSince, openOfCall } from './store/top-ups.ts';

/** `replaced` by a later call, `withdrawn` by two officers, `annulled` with its resolution. */
export type CallState = 'open' | 'replaced' | 'withdrawn' | 'annulled';

export type StoredCall = {
  readonly head: CallHead;
  readonly state: CallState;
  /** How many homes it asks, and for how much together, in fen. */
  readonly homes: number;
  readonly dueFen: bigint;
  /** Undefined until the log has given it a place. */
  readonly logIndex: number | undefined;
  readonly withdrawal: { readonly documentHash: string; readonly logIndex: number | undefined } | undefined;
};

/** The calls of a community, the newest first, all or so many; only the newest can be in force. */
export async function listCalls(
  db: Database,
  community: string,
  most?: number,
): Promise<readonly StoredCall[]> {
  const rows = await callsOf(db, community, most);
  return rows.map((row, at): StoredCall => {
    const { head, homes, due_fen: dueFen, withdrawal_hash: hash } = row;
    const standing = at === 0 ? 'open' : 'replaced';
    return {
      ...{ head, homes, dueFen, logIndex: placeOf(row.idx) },
      state: hash !== null ? 'withdrawn' : row.is_annulled ? 'annulled' : standing,
      withdrawal:
        hash === null
          ? undefined
          : { documentHash: toBase64Url(hash), logIndex: placeOf(row.withdrawal_idx) },
    };
  });
}

export async function callInForce(db: Database, community: string): Promise<StoredCall | undefined> {
  const [newest] = await listCalls(db, community, 1);
  return newest?.state === 'open' ? newest : undefined;
}

/**
 * The record of a call for whoever tells its owners that it was made, or withdrawn; nothing where the call ended before it was told, so
 * that nobody pays what is asked no more.
 */
export async function explainCall(
  db: Database,
  { kind, community, call }: EntryOf<'topup.called' | 'topup.withdrawn'>,
): Promise<readonly Uint8Array[]> {
  if (kind === 'topup.called' && (await callInForce(db, community))?.head.call !== call) return [];
  const row = await callRecord(db, community, call);
  return row === undefined ? [] : [row.record];
}

/** The record of the call that an annulment, row `entryId`, ended with its resolution; nothing where none of it was in force by then. */
export async function explainAnnulledCall(
  db: Database,
  { community, meeting, proposal }: EntryOf<'resolution.annulled'>,
  entryId: bigint,
): Promise<readonly Uint8Array[]> {
  const row = await callInForceAt(db, community, entryId);
  return row?.meeting_id === meeting && row.proposal_id === proposal ? [row.record] : [];
}

/** What one home is asked for, and what of it is open, in fen. */
export type CalledHome = {
  readonly unit: string;
  readonly firstFen: bigint;
  readonly balanceFen: bigint;
  readonly dueFen: bigint;
  readonly openFen: bigint;
};

/** The homes that a call asks and that still stand, all or the named ones among them, with what is open of each now. */
export async function calledHomes(
  db: Database,
  { community, call, seq }: CallHead,
  units?: readonly string[],
): Promise<readonly CalledHome[]> {
  const lines = await calledLines(db, community, call, units);
  const cameIn = await cameInSince(db, community, BigInt(seq), units);
  return lines.map((line) => ({ ...line, openFen: stillDue(line.dueFen, cameIn.get(line.unit) ?? 0n) }));
}

/** A call with what is open of it; undefined where it is not in force, since what came in later answers the call of its time. */
export type CallSummary = StoredCall & {
  readonly open: { readonly homes: number; readonly fen: bigint } | undefined;
};

export async function summariseCalls(db: Database, community: string): Promise<readonly CallSummary[]> {
  const summaries: CallSummary[] = [];
  for (const call of await listCalls(db, community)) {
    const open = call.state === 'open' ? await openOfCall(db, call.head) : undefined;
    summaries.push({ ...call, open });
  }
  return summaries;
}

/** What an owner is asked for one of his homes by the call in force. */
export type OwnCall = CalledHome & Pick<CallHead, 'call' | 'targetPercent' | 'dueOn' | 'text'>;

/** By unit; homes that have enough, or are not called, are left out. */
export async function ownCalls(
  db: Database,
  community: string,
  units: readonly string[],
): Promise<ReadonlyMap<string, OwnCall>> {
  const standing = units.length === 0 ? undefined : await callInForce(db, community);
  if (standing === undefined) return new Map();
  const { call, targetPercent, dueOn, text } = standing.head;
  const homes = await calledHomes(db, standing.head, units);
  return new Map(homes.map((home) => [home.unit, { ...home, call, targetPercent, dueOn, text }]));
}

export type PlacedHome = CalledHome & UnitPlace;

/** The homes of a call with their places, in the order of the places, for officers; one that is no more is asked for nothing. */
export async function readCall(
  db: Database,
  community: string,
  call: string,
): Promise<Result<{ readonly call: StoredCall; readonly homes: readonly PlacedHome[] }, FundRefusal>> {
  const found = (await listCalls(db, community)).find(({ head }) => head.call === call);
  if (found === undefined) return refuse('FUND_TOP_UP_UNKNOWN', 'call');
  const homes = new Map((await calledHomes(db, found.head)).map((home) => [home.unit, home]));
  const standing = await registryUnits(db, community, [...homes.keys()]);
  const placed = standing.flatMap(({ unit, building, stair, room }): readonly PlacedHome[] => {
    const home = homes.get(unit);
    return home === undefined ? [] : [{ ...home, building, stair, room }];
  });
  return ok({ call: found, homes: placed });
}
