/** Who must top up, from a file of first deposits and the book as it stands (SPEC 8.6; 管理办法 §17). */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Scope } from '../record/meeting.ts';
import { registryUnits } from '../registry/units.ts';
import { readOpeningCsv } from './domain/opening-balances.ts';
import type { TopUpList } from './domain/top-ups.ts';
import { topUpList } from './domain/top-ups.ts';
import type { FundRefusal } from './refusals.ts';
import { accountsOfBook, bookRow } from './store/book.ts';

/** What the 30 % rule itself asks for, where a scheme says nothing else. */
export const LEAST_TARGET_PERCENT = 30;

/** All homes: the rule of the city, or a list that nobody has decided on yet. */
const WHOLE: Scope = { kind: 'community', members: [] };

const isInScope = (
  { unit, building }: { readonly unit: string; readonly building: string },
  { kind, members }: Scope,
): boolean => kind === 'community' || members.includes(kind === 'units' ? unit : building);

/** A file of first deposits, and up to how much of the first deposit is asked for. */
export type TopUpQuestion = {
  readonly community: string;
  /** The columns building, stair, room and amount in yuan, the first deposit of each unit; a faulty line refuses it whole. */
  readonly csv: string;
  readonly targetPercent: number;
};

/** What each unit with an account has, available and held together, in fen. */
export async function unitBalances(db: Database, community: string): Promise<ReadonlyMap<string, bigint>> {
  const balances = new Map<string, bigint>();
  // What the developer owes for a unit is no money that it has.
  for (const { unit_id: unit, kind, balance_fen: fen } of await accountsOfBook(db, community))
    if (unit !== null && kind !== 'claim') balances.set(unit, (balances.get(unit) ?? 0n) + fen);
  return balances;
}

export async function listTopUps(
  db: Database,
  { community, csv, targetPercent }: TopUpQuestion,
  scope: Scope = WHOLE,
): Promise<Result<TopUpList, FundRefusal>> {
  if ((await bookRow(db, community)) === undefined) return refuse('FUND_BOOK_MISSING');
  const units = await registryUnits(db, community);
  const reading = readOpeningCsv(csv, units);
  const findings = reading.findings.filter(({ level }) => level === 'error');
  if (findings.length > 0) return { ok: false, refusal: { code: 'FUND_FILE_REFUSED', findings } };
  const balances = await unitBalances(db, community);
  const asked = units.filter((one) => isInScope(one, scope));
  return ok(topUpList(asked, reading.balances, (unit) => balances.get(unit), targetPercent));
}
