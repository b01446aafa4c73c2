/**
 * Emergencies: work that cannot wait for a vote is authorised by two officers, the street office among them, where the community allows
 * it. From there it goes the same road as every other work; the text is public at once (SPEC 8.3; Civil Code §281(2); 165 §24).
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { Emergency } from '../record/emergency.ts';
import { emergencyForm, emergencyHash } from '../record/emergency.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { lockCommunityOf, registerOf } from '../registry/communities.ts';
import { developerStock, registryUnits } from '../registry/units.ts';
import type { AccountOpening } from './account-opening.ts';
import { keepOpening, openedAccountHash } from './account-opening.ts';
import { lockBook } from './booking.ts';
import { emergencyRule } from './declaring.ts';
import type { Weight } from './domain/allocation.ts';
import { developerAmong, sharesOf } from './domain/authorisation.ts';
import { blankAmong } from './domain/blank-texts.ts';
import { bearersIn } from './domain/emergency.ts';
import type { FundDeps, SealingDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { insertAuthorisation } from './store/authorisations.ts';
import { bookRow } from './store/book.ts';

export type EmergencyRequest = Pick<
  Emergency,
  'community' | 'category' | 'text' | 'payee' | 'purpose' | 'reportHash' | 'quotationHash'
> & {
  readonly capFen: bigint;
  readonly payeeOpening: AccountOpening;
  readonly units: Emergency['units'];
};

/** Who bears it by the register in force. */
type Bearing = {
  readonly register: string;
  readonly bearers: readonly Weight[];
  /** The developer's units, in the scope or not. */
  readonly stock: ReadonlySet<string>;
};

async function bearing(
  tx: Tx,
  { community, units: scope }: Pick<EmergencyRequest, 'community' | 'units'>,
): Promise<Result<Bearing, FundRefusal>> {
  if ((await emergencyRule(tx, community))?.emergencies !== 'allowed')
    return refuse('FUND_EMERGENCIES_BARRED');
  const register = await registerOf(tx, community);
  const units = await registryUnits(tx, community);
  const bearers = bearersIn(units, scope);
  return register === undefined || bearers === undefined
    ? refuse('FUND_SCOPE_UNKNOWN', 'units')
    : ok({ register, bearers, stock: developerStock(units) });
}

/** Drafts an emergency for its two officers. */
export function draftEmergency(
  deps: SealingDeps,
  { capFen, payeeOpening, ...asked }: EmergencyRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const { community } = asked;
    if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
    const { text, payee, purpose } = asked;
    const blank = blankAmong({ text, payee, purpose });
    if (blank !== undefined) return refuse('FUND_TEXT_BLANK', blank);
    if (capFen <= 0n) return refuse('FUND_AMOUNT_ZERO', 'capFen');
    const found = await bearing(tx, asked);
    if (!found.ok) return found;
    const { register, bearers } = found.value;
    const authorisation = newId(deps.random);
    const record: Emergency = {
      v: 1,
      kind: 'emergency',
      authorisation,
      ...asked,
      units: { kind: asked.units.kind, members: [...asked.units.members].sort() },
      capFen: String(capFen),
      payeeAccount: openedAccountHash(payeeOpening),
      register,
      shares: sharesOf(capFen, bearers),
      nonce: toBase64Url(deps.random(16)),
    };
    const bytes = emergencyForm.bytes(record);
    const entry: UnsignedEntry<'emergency.authorised'> = {
      v: 1,
      kind: 'emergency.authorised',
      community,
      authorisation,
      emergencyHash: emergencyHash(bytes),
    };
    const act = await draftAct(tx, deps, { entry, details: { record: toBase64Url(bytes) }, draftedBy });
    await keepOpening(tx, deps, { community, act }, payeeOpening);
    return ok({ act });
  });
}

/**
 * Locks the community and then the book before the entry's place in the log is drawn, so that it stands on the right side of another
 * register and of a declaration.
 */
export async function lockEmergency(tx: Tx, act: SignedAct): Promise<void> {
  await lockCommunityOf(tx, act);
  await lockBook(tx, (act.entry as UnsignedEntry<'emergency.authorised'>).community);
}

/**
 * Opens the fund for a signed emergency in the transaction that wrote its log entry, row `entryId`. Refused where it is allowed no more,
 * or where another register came into force, since its shares follow the one that the officers signed.
 */
export async function applyEmergency(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'emergency.authorised'>;
  const bytes = present(
    fromBase64Url(act.details['record'] ?? ''),
    'an emergency is drafted with its record',
  );
  assert(emergencyHash(bytes) === entry.emergencyHash, 'the officers signed the bytes of the emergency');
  const parsed = emergencyForm.parse(bytes);
  assert(parsed.ok, 'the record of an emergency is ours');
  const record = parsed.value;
  present(await lockBook(tx, entry.community), 'an emergency is drafted in a book');
  const found = await bearing(tx, record);
  if (!found.ok) return found;
  if (found.value.register !== record.register) return refuse('FUND_REGISTER_CHANGED', 'units');
  const hashed = (text: string): Uint8Array => present(fromBase64Url(text), 'checked hash');
  await insertAuthorisation(tx, {
    community_id: record.community,
    authorisation_id: record.authorisation,
    kind: 'emergency',
    document_hash: hashed(record.reportHash),
    cap_fen: BigInt(record.capFen),
    payee_account: hashed(record.payeeAccount),
    developer_units: JSON.stringify(developerAmong(record.shares, found.value.stock)),
    authorised_on: civilDateAt(deps.clock()),
    record: bytes,
    hash: hashed(entry.emergencyHash),
    entry_id: entryId,
  });
  return ok(undefined);
}
