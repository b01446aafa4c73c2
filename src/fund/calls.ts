/** Reading calls to top up: all of a community, what is still open of the one in force, and what an owner is asked for his own homes (SPEC 8.6). */
import { toBase64Url } from '../base/bytes.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { TopUpCall, TopUpLine } from '../record/top-up.ts';
import { topUpCallForm } from '../record/top-up.ts';
import { registryUnits } from '../registry/units.ts';
import { stillDue } from './domain/top-ups.ts';
import type { UnitPlace } from './domain/unit-finding.ts';
import type { FundRefusal } from './refusals.ts';
import { callOfEntry, callsOf, depositedSince } from './store/top-ups.ts';

/** `replaced` by a later call, `withdrawn` by two officers, `annulled` with its resolution. */
export type CallState = 'open' | 'replaced' | 'withdrawn' | 'annulled';

export type StoredCall = {
  readonly record: TopUpCall;
  readonly state: CallState;
  /** Undefined until the log has given it a place. */
  readonly logIndex: number | undefined;
  readonly withdrawal: { readonly documentHash: string; readonly logIndex: number | undefined } | undefined;
};

const placeOf = (idx: bigint | null): number | undefined => (idx === null ? undefined : Number(idx));

/** The calls of a community, the newest first; only the newest can be in force. */
export async function listCalls(db: Database, community: string): Promise<readonly StoredCall[]> {
  const rows = await callsOf(db, community);
  return rows.map((row, at) => {
    const ended =
      row.withdrawal_hash !== null ? 'withdrawn' : row.annulment_id !== null ? 'annulled' : undefined;
    return {
      record: topUpCallForm.own(row.record),
      state: ended ?? (at === 0 ? 'open' : 'replaced'),
      logIndex: placeOf(row.idx),
      withdrawal:
        row.withdrawal_hash === null
          ? undefined
          : { documentHash: toBase64Url(row.withdrawal_hash), logIndex: placeOf(row.withdrawal_idx) },
    };
  });
}

export async function callInForce(db: Database, community: string): Promise<StoredCall | undefined> {
  const [newest] = await listCalls(db, community);
  return newest?.state === 'open' ? newest : undefined;
}

/** The record that an entry of the log named, for whoever tells its owners. */
export async function explainCall(db: Database, entryId: bigint): Promise<readonly Uint8Array[]> {
  const row = await callOfEntry(db, entryId);
  return row === undefined ? [] : [row.record];
}

/** What one home is asked for, and what of it came in since, in fen. */
export type CalledHome = {
  readonly unit: string;
  readonly firstFen: bigint;
  readonly balanceFen: bigint;
  readonly dueFen: bigint;
  readonly openFen: bigint;
};

const asked = ({ dueFen }: TopUpLine): boolean => dueFen !== '0';

/** The homes that a call asks, with what is open of each now. */
export async function calledHomes(
  db: Database,
  { community, seq, units }: TopUpCall,
): Promise<readonly CalledHome[]> {
  const cameIn = await depositedSince(db, community, BigInt(seq));
  return units.filter(asked).map(({ unit, firstFen, balanceFen, dueFen }) => ({
    unit,
    firstFen: BigInt(firstFen),
    balanceFen: BigInt(balanceFen),
    dueFen: BigInt(dueFen),
    openFen: stillDue(BigInt(dueFen), cameIn.get(unit) ?? 0n),
  }));
}

/** A call in sums; `openFen` and `openHomes` are of the one in force alone, since what came in later answers the call of its time. */
export type CallSummary = StoredCall & {
  readonly homes: number;
  readonly dueFen: bigint;
  readonly open: { readonly homes: number; readonly fen: bigint } | undefined;
};

export async function summariseCalls(db: Database, community: string): Promise<readonly CallSummary[]> {
  const summaries: CallSummary[] = [];
  for (const call of await listCalls(db, community)) {
    const homes = call.record.units.filter(asked);
    const now = call.state === 'open' ? await calledHomes(db, call.record) : [];
    const open = now.filter(({ openFen }) => openFen > 0n);
    summaries.push({
      ...call,
      homes: homes.length,
      dueFen: sumFen(homes.map(({ dueFen }) => BigInt(dueFen))),
      open:
        call.state === 'open'
          ? { homes: open.length, fen: sumFen(open.map(({ openFen }) => openFen)) }
          : undefined,
    });
  }
  return summaries;
}

export type PlacedHome = CalledHome & UnitPlace;

/** The homes of a call with their places, in the order of the places, for officers; one that is no more is asked for nothing. */
export async function readCall(
  db: Database,
  community: string,
  call: string,
): Promise<Result<{ readonly call: StoredCall; readonly homes: readonly PlacedHome[] }, FundRefusal>> {
  const found = (await listCalls(db, community)).find(({ record }) => record.call === call);
  if (found === undefined) return refuse('FUND_TOP_UP_UNKNOWN', 'call');
  const homes = new Map((await calledHomes(db, found.record)).map((home) => [home.unit, home]));
  const standing = await registryUnits(db, community, [...homes.keys()]);
  const placed = standing.flatMap(({ unit, building, stair, room }): readonly PlacedHome[] => {
    const home = homes.get(unit);
    return home === undefined ? [] : [{ ...home, building, stair, room }];
  });
  return ok({ call: found, homes: placed });
}
