/** Reading authorisations: their exact records, as the log names them (SPEC 8.3). */
import { parseDecimal } from '../base/area.ts';
import { assert, present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Emergency } from '../record/emergency.ts';
import { emergencyForm } from '../record/emergency.ts';
import type { Authorisation } from '../record/fund.ts';
import { authorisationForm } from '../record/fund.ts';
import type { FundRefusal } from './refusals.ts';
import type { AuthorisationRow } from './store/authorisations.ts';
import { authorisationById, chargesOf } from './store/authorisations.ts';

/** Which authorisation of which community. */
export type AuthorisationRef = { readonly community: string; readonly authorisation: string };

/** What opens the fund for work: a resolution, or an emergency. Its bytes and its state; `capFen` in fen. */
export type StoredAuthorisation = {
  readonly authorisation: string;
  readonly state: 'open' | 'closed' | 'revoked';
  readonly capFen: bigint;
  readonly record: Authorisation | Emergency;
  readonly bytes: Uint8Array;
  /** Units of its shares that the developer bears. */
  readonly developerUnits: ReadonlySet<string>;
  /** By the service's clock. */
  readonly authorisedOn: CivilDate;
};

function storedOf(row: AuthorisationRow): StoredAuthorisation {
  const parsed = (row.kind === 'emergency' ? emergencyForm : authorisationForm).parse(row.record);
  assert(parsed.ok, `the record of authorisation ${row.authorisation_id} is ours`);
  return {
    authorisation: row.authorisation_id,
    state: row.state as StoredAuthorisation['state'],
    capFen: row.cap_fen,
    record: parsed.value,
    bytes: row.record,
    developerUnits: new Set(JSON.parse(row.developer_units) as readonly string[]),
    authorisedOn: row.authorised_on,
  };
}

/** The shares of an authorisation in fen. */
export const sharesInFen = ({ record }: StoredAuthorisation) =>
  record.shares.map(({ unit, amountFen }) => ({
    unit,
    amountFen: present(parseDecimal(amountFen), 'checked decimal'),
  }));

/** All authorisations of a community's resolutions and emergencies, in the order of the log. */
export const listAuthorisations = async (
  db: Database,
  community: string,
): Promise<readonly StoredAuthorisation[]> => (await chargesOf(db, community)).map(storedOf);

/** The authorisation, or a refusal where the community has none of this id. */
export async function readAuthorisation(
  db: Database,
  community: string,
  authorisation: string,
): Promise<Result<StoredAuthorisation, FundRefusal>> {
  const row = await authorisationById(db, community, authorisation);
  return row === undefined || row.kind === 'unit_refund'
    ? refuse('FUND_AUTHORISATION_UNKNOWN')
    : ok(storedOf(row));
}

/** What a payment needs of an authorisation, of a resolution, an emergency or a refund. */
export type Payable = {
  readonly authorisation: string;
  readonly state: StoredAuthorisation['state'];
  /** `H256("account", salt, number)`, base64url. */
  readonly payeeAccount: string;
  /** To whom, in words; a refund names no owner. */
  readonly payee: string;
};

/** The authorisation, or a refusal where it is unknown or was revoked: what was accrued under a closed one is still owed. */
export async function payableAuthorisation(
  db: Database,
  community: string,
  authorisation: string,
): Promise<Result<Payable, FundRefusal>> {
  const row = await authorisationById(db, community, authorisation);
  if (row === undefined) return refuse('FUND_AUTHORISATION_UNKNOWN');
  if (row.state === 'revoked') return refuse('FUND_AUTHORISATION_CLOSED');
  const payee = row.kind === 'unit_refund' ? '房屋灭失返还' : storedOf(row).record.payee;
  const payeeAccount = toBase64Url(row.payee_account);
  return ok({ authorisation, state: row.state as Payable['state'], payeeAccount, payee });
}

/** The authorisation, or a refusal where it is unknown or not open any more. */
export async function openAuthorisation(
  db: Database,
  community: string,
  authorisation: string,
): Promise<Result<StoredAuthorisation, FundRefusal>> {
  const found = await readAuthorisation(db, community, authorisation);
  return found.ok && found.value.state !== 'open' ? refuse('FUND_AUTHORISATION_CLOSED') : found;
}
