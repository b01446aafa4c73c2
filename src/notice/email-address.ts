/**
 * An owner's address of e-mail: he types it, is mailed a code, and it holds once he types that. It brings notices and reminders beside the
 * other channels, and warns of nothing, since whoever holds his letter could have typed it; each change of it is told (SPEC 3.7).
 */
import { present } from '../base/assert.ts';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { addressIndex, openAtRest, sameSecret, sealAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { unitsOfPerson } from '../registry/units.ts';
import { boxOf, drawCode, maskAddress, readAddress } from './domain/email.ts';
import type { NoticeRefusal } from './refusals.ts';
import { countAsks, insertAsk } from './store/email-asks.ts';
import type { EmailChangeRow } from './store/email-changes.ts';
import { insertChange } from './store/email-changes.ts';
import type { EmailCodeRow } from './store/emails.ts';
import { addressOf, codeOf, countTry, deleteAddress, endCode, putAddress, putCode } from './store/emails.ts';

export type EmailDeps = Pick<RegistryDeps, 'db' | 'clock' | 'random' | 'atRest'> & {
  /** Whether the operator has a mail server. */
  readonly offersEmail: boolean;
};

/** Who is signed in. */
type Owner = { readonly community: string; readonly person: string };

const CODE_LIFE_MS = 3_600_000;
/** Codes of one person on one day, and to one address within a day: enough for mistyped ones, too few to fill somebody else's box. */
const MOST_A_DAY = 5;
/** Between two codes of one person. */
const BETWEEN_MS = 60_000;
/** Wrong numbers for one code. */
const MOST_TRIES = 5;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

export const addressPlace = (community: string, person: string): string =>
  `email_address.sealed_address/${community}/${person}`;
export const codePlace = (community: string, person: string): string =>
  `email_code.sealed_code/${community}/${person}`;

export const formerPlace = (community: string, codeId: string, event: string): string =>
  `email_change.sealed_former/${community}/${codeId}/${event}`;

/** A code and the address that it was mailed to. */
export type EmailCode = { readonly address: string; readonly code: string };

/** What a code's row seals; undefined once it was used or taken back. */
export function openCode({ atRest }: Pick<EmailDeps, 'atRest'>, row: EmailCodeRow): EmailCode | undefined {
  if (row.sealed_code === null) return undefined;
  const place = codePlace(row.community_id, row.person_id);
  return JSON.parse(
    present(fromUtf8(openAtRest(atRest, place, row.sealed_code)), 'sealed by us'),
  ) as EmailCode;
}

/** The confirmed address of a person now; undefined where he has none. */
export async function confirmedAddress(
  { db, atRest }: Pick<EmailDeps, 'db' | 'atRest'>,
  owner: Owner,
): Promise<string | undefined> {
  const row = await addressOf(db, owner);
  if (row === undefined) return undefined;
  const opened = openAtRest(atRest, addressPlace(owner.community, owner.person), row.sealed_address);
  return present(fromUtf8(opened), 'sealed by us');
}

/** What an owner sees: addresses masked, empty where there is none. */
export type EmailView = {
  readonly isOffered: boolean;
  readonly address: string;
  /** The address that waits for its code; empty where none does. */
  readonly waiting: string;
  readonly expiresAt: Instant | undefined;
  /** The server refused the address for good, or took nothing in the whole time. */
  readonly isUndeliverable: boolean;
};

export async function viewEmail(deps: EmailDeps, owner: Owner): Promise<EmailView> {
  const address = await confirmedAddress(deps, owner);
  const row = await codeOf(deps.db, owner);
  const isAlive = row !== undefined && Number(row.expires_at_ms) > deps.clock();
  const code = isAlive ? openCode(deps, row) : undefined;
  return {
    isOffered: deps.offersEmail,
    address: address === undefined ? '' : maskAddress(address),
    waiting: code === undefined ? '' : maskAddress(code.address),
    expiresAt: code === undefined ? undefined : Number(row?.expires_at_ms),
    isUndeliverable: code !== undefined && row?.state === 'failed',
  };
}

const ownsHome = async (db: Database, { community, person }: Owner): Promise<boolean> =>
  (await unitsOfPerson(db, community, person)).length > 0;

/** Counts a code to an address, over all communities; false where it had as many as it may within the last day. */
async function countAsk(
  tx: Tx,
  { atRest, random }: EmailDeps,
  address: string,
  now: Instant,
): Promise<boolean> {
  const index = addressIndex(atRest, 'email code', boxOf(address));
  if ((await countAsks(tx, index, now - DAY_MS)) >= MOST_A_DAY) return false;
  await insertAsk(tx, { ask_id: newId(random), address: index, asked_at_ms: now });
  return true;
}

/** Why a person gets no code now, or undefined. */
function limitOf(
  before: EmailCodeRow | undefined,
  asked: number,
  now: Instant,
): NoticeRefusal['code'] | undefined {
  if (asked >= MOST_A_DAY) return 'EMAIL_CODES_LIMITED';
  const lastAt = before === undefined ? undefined : Number(before.expires_at_ms) - CODE_LIFE_MS;
  // A clock that was set back must not hold a code up for longer than the pause.
  return lastAt !== undefined && Math.abs(now - lastAt) < BETWEEN_MS ? 'EMAIL_CODE_TOO_SOON' : undefined;
}

/** Draws a code for an address and queues its mail; a former code is void, a former address holds until the new one is confirmed. */
export async function askEmailCode(
  deps: EmailDeps,
  owner: Owner,
  typed: string,
): Promise<Result<undefined, NoticeRefusal>> {
  if (!deps.offersEmail) return refuse('EMAIL_NOT_OFFERED');
  const address = readAddress(typed);
  if (address === undefined) return refuse('EMAIL_MALFORMED');
  const { community, person } = owner;
  return inTransaction(deps.db, async (tx): Promise<Result<undefined, NoticeRefusal>> => {
    // An erasure holds it too, and is refused to whoever owns a home: nothing is entered behind its back.
    await lockCommunity(tx, community);
    if (!(await ownsHome(tx, owner))) return refuse('EMAIL_NO_HOME');
    const now = deps.clock();
    const day = BigInt(Math.floor((now + BEIJING_MS) / DAY_MS));
    const before = await codeOf(tx, owner);
    const asked = before?.day === day ? before.asked : 0;
    const limit = limitOf(before, asked, now);
    if (limit !== undefined) return refuse(limit);
    if (!(await countAsk(tx, deps, address, now))) return refuse('EMAIL_ADDRESS_LIMITED');
    const code: EmailCode = { address, code: drawCode(deps.random) };
    const sealed = sealAtRest(
      deps.atRest,
      codePlace(community, person),
      utf8(JSON.stringify(code)),
      deps.random,
    );
    await putCode(tx, {
      community_id: community,
      person_id: person,
      code_id: newId(deps.random),
      sealed_code: sealed,
      day,
      asked: asked + 1,
      next_at_ms: BigInt(now),
      expires_at_ms: BigInt(now + CODE_LIFE_MS),
    });
    return ok(undefined);
  });
}

type Change = {
  readonly codeId: string;
  readonly event: 'email-confirmed' | 'email-changed' | 'email-removed';
  /** The address that ended, where it is told so itself. */
  readonly former?: string | undefined;
};

/** Keeps that an address changed, for whoever tells its owner. */
const recordChange = (
  tx: Tx,
  { atRest, random, clock }: Pick<EmailDeps, 'atRest' | 'random' | 'clock'>,
  { community, person }: Owner,
  { codeId, event, former }: Change,
): Promise<void> =>
  insertChange(tx, {
    community_id: community,
    code_id: codeId,
    event,
    person_id: person,
    sealed_former:
      former === undefined
        ? null
        : sealAtRest(atRest, formerPlace(community, codeId, event), utf8(former), random),
    changed_at_ms: clock(),
  });

/** The address that a change ended, where that one is told too. */
export function openFormer({ atRest }: Pick<EmailDeps, 'atRest'>, row: EmailChangeRow): string | undefined {
  const { community_id: community, code_id: codeId, event, sealed_former: sealed } = row;
  if (sealed === null) return undefined;
  return present(fromUtf8(openAtRest(atRest, formerPlace(community, codeId, event), sealed)), 'sealed by us');
}

/** Makes the address hold that the code was mailed to; each wrong number counts. */
export async function confirmEmail(
  deps: EmailDeps,
  owner: Owner,
  typed: string,
): Promise<Result<undefined, NoticeRefusal>> {
  const { community, person } = owner;
  return inTransaction(deps.db, async (tx): Promise<Result<undefined, NoticeRefusal>> => {
    await lockCommunity(tx, community);
    const row = await codeOf(tx, owner);
    const now = deps.clock();
    const code = row === undefined || Number(row.expires_at_ms) <= now ? undefined : openCode(deps, row);
    if (row === undefined || code === undefined) return refuse('EMAIL_CODE_NONE');
    if (row.tries >= MOST_TRIES) return refuse('EMAIL_CODE_SPENT');
    if (!sameSecret(code.code, typed)) {
      await countTry(tx, owner);
      return refuse('EMAIL_CODE_WRONG');
    }
    if (!(await ownsHome(tx, owner))) return refuse('EMAIL_NO_HOME');
    const former = await confirmedAddress({ ...deps, db: tx }, owner);
    const place = addressPlace(community, person);
    await putAddress(tx, {
      community_id: community,
      person_id: person,
      sealed_address: sealAtRest(deps.atRest, place, utf8(code.address), deps.random),
      code_id: row.code_id,
      confirmed_at_ms: now,
    });
    const event = former === undefined ? 'email-confirmed' : 'email-changed';
    if (former !== code.address) await recordChange(tx, deps, owner, { codeId: row.code_id, event, former });
    await endCode(tx, owner);
    return ok(undefined);
  });
}

/**
 * Forgets the addresses and codes of persons in the transaction that ends a letter or a key of theirs, or freezes their vote: whoever had
 * it might have typed them, and would go on reading what is mailed. For the same reason the address itself is told nothing (SPEC 3.7).
 */
export async function forgetEmails(
  tx: Tx,
  deps: Pick<EmailDeps, 'atRest' | 'random' | 'clock'>,
  community: string,
  persons: readonly string[],
): Promise<void> {
  for (const person of persons) {
    const owner = { community, person };
    const gone = await deleteAddress(tx, owner);
    if (gone !== undefined)
      await recordChange(tx, deps, owner, { codeId: gone.code_id, event: 'email-removed' });
    await endCode(tx, owner);
  }
}

/** Takes the address back, and what waits for a code; of what is queued it gets the one mail that tells it so. */
export const removeEmail = (deps: Omit<EmailDeps, 'offersEmail'>, owner: Owner): Promise<void> =>
  inTransaction(deps.db, async (tx) => {
    await lockCommunity(tx, owner.community);
    const former = await confirmedAddress({ ...deps, db: tx }, owner);
    const gone = await deleteAddress(tx, owner);
    if (gone !== undefined)
      await recordChange(tx, deps, owner, { codeId: gone.code_id, event: 'email-removed', former });
    await endCode(tx, owner);
  });
