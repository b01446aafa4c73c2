/** What an owner has in the fund: the balance of each of his units and the resolutions and emergencies that charged them, of nobody else (SPEC 8.3; 管理办法 §30). */
import { sumFen } from '../base/fen.ts';
import type { Database } from '../db/connect.ts';
import { unitsOfPerson } from '../registry/units.ts';
import { listAuthorisations } from './authorisations.ts';
import type { OwnCall } from './calls.ts';
import { ownCalls } from './calls.ts';
import { resolutionTitles } from './resolution-titles.ts';
import { bookRow } from './store/book.ts';
import { accountsOfUnits } from './store/reading.ts';

/** What one unit has, in fen. */
export type OwnAccount = {
  readonly unit: string;
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly availableFen: bigint;
  readonly heldFen: bigint;
  /** What the call to top up in force asks for it; undefined where it asks nothing. */
  readonly topUp: OwnCall | undefined;
};

/** A resolution or an emergency that laid a share on one of the units. */
export type OwnCharge = {
  readonly authorisation: string;
  /** Empty of an emergency. */
  readonly meeting: string;
  readonly title: string;
  readonly purpose: string;
  readonly payee: string;
};

export type OwnAccounts = {
  /** The day of the book's last entry; empty where the community has no book. */
  readonly asOf: string;
  /** Units that the book knows or a call asks, in the order of their places. */
  readonly accounts: readonly OwnAccount[];
  readonly charges: readonly OwnCharge[];
};

/** The accounts of a person's units, alone or with others. */
export async function readOwnAccounts(db: Database, community: string, person: string): Promise<OwnAccounts> {
  const book = await bookRow(db, community);
  if (book === undefined) return { asOf: '', accounts: [], charges: [] };
  const units = await unitsOfPerson(db, community, person);
  const rows = await accountsOfUnits(
    db,
    community,
    units.map(({ unit }) => unit),
  );
  const calls = await ownCalls(
    db,
    community,
    units.map(({ unit }) => unit),
  );
  const fenOf = (unit: string, kind: string): bigint =>
    sumFen(rows.filter((row) => row.unit_id === unit && row.kind === kind).map((row) => row.balance_fen));
  const touched = new Set(rows.map((row) => row.authorisation_id));
  const authorisations = (await listAuthorisations(db, community)).filter(({ authorisation }) =>
    touched.has(authorisation),
  );
  const titles = await resolutionTitles(db, authorisations);
  return {
    asOf: book.last_booked_on,
    accounts: units
      .filter(({ unit }) => calls.has(unit) || rows.some((row) => row.unit_id === unit))
      .map(({ unit, building, stair, room }) => ({
        unit,
        building,
        stair,
        room,
        availableFen: fenOf(unit, 'unit_available'),
        heldFen: fenOf(unit, 'unit_held'),
        topUp: calls.get(unit),
      })),
    charges: authorisations.map(({ authorisation, record }) => ({
      authorisation,
      meeting: record.kind === 'emergency' ? '' : record.meeting,
      title: titles.get(authorisation) ?? '',
      purpose: record.purpose,
      payee: record.payee,
    })),
  };
}
