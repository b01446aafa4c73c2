/**
 * Letters are uploaded by the registrar, checked against the register, and issued when he has signed `letters.issued`; each
 * letter key is then a credential (SPEC 3.2, 3.3); of a batch that a page made a second officer signs. While a meeting runs, and for an agent who owns nothing, two officers sign
 * `letters.reissued` instead. Nothing secret comes here: codes and seeds stay on his computer.
 */
import { assert, present } from '../base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { mapInTurns } from '../base/turns.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import { linesFile, splitLines } from '../record/bundle-lines.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { LetterItem, MadeIn } from '../record/letter.ts';
import { letterItemForm } from '../record/letter.ts';
import type { Reissue } from '../record/reissue.ts';
import { MAX_REISSUED, reissueForm, reissueHash } from '../record/reissue.ts';
import { unitsByPerson } from '../registry/domain/letter-units.ts';
import { personsIn } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { registryUnits } from '../registry/units.ts';
import type { BatchFacts, LetterOwner } from './domain/letter-batch.ts';
import { batchRoot, checkBatch, isBatchEnd, readItems } from './domain/letter-batch.ts';
import { forgetEmailsUnder } from './email-forgetting.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import {
  batchById,
  closeBatch,
  endLetters,
  insertBatch,
  insertLetters,
  knownKeys,
  knownLetters,
  letterById,
  lettersInForce,
  lockLetters,
} from './store/letters.ts';
import { agentsInForce } from './store/mandates.ts';

/** What `owners-vote letters`, or the page of letters, makes for upload; `items` are attacker-controlled until they are read. */
export type LetterUpload = {
  /** Why letters are reissued, which two officers sign; without it the registrar signs alone, while no meeting runs. */
  readonly reason?: string;
  readonly community: string;
  readonly batch: string;
  readonly madeIn: MadeIn;
  /** Empty for no end. */
  readonly until: CivilDate | '';
  readonly items: readonly unknown[];
};

export type DraftedLetters = { readonly act: string; readonly count: number; readonly root: string };

const NO_UNITS: ReadonlySet<string> = new Set();

const isRegistrar = (officer: ActingOfficer, community: string): boolean =>
  officer.role === 'registrar' && actsIn(officer, community);

/** Keys that may be enrolled; the check of one takes a millisecond or two. */
async function enrollableKeys(items: readonly LetterItem[]): Promise<ReadonlySet<string>> {
  const good = await mapInTurns(items, ({ publicKey }) =>
    isEnrollableKey(present(fromBase64Url(publicKey), 'checked bytes')) ? [publicKey] : [],
  );
  return new Set(good.flat());
}

async function loadFacts(
  db: Database,
  { clock }: Pick<IdentityDeps, 'clock'>,
  {
    community,
    items,
    isReissue,
  }: Pick<BatchFacts, 'isReissue'> & { readonly community: string; readonly items: readonly LetterItem[] },
  isEnrollable: BatchFacts['isEnrollable'],
): Promise<BatchFacts> {
  const agents = await agentsInForce(db, community, civilDateAt(clock()));
  const letters = new Map((await lettersInForce(db, community)).map((row) => [row.person_id, row.letter_id]));
  const units = await registryUnits(db, community);
  const named = unitsByPerson(units.map(({ unit, owners, state }) => ({ unit, holders: owners, state })));
  const owners = new Map<string, LetterOwner>();
  for (const { person, identity } of await personsIn(db, community)) {
    const own = named.get(person) ?? (agents.has(person) ? NO_UNITS : undefined);
    if (own !== undefined) owners.set(person, { identity, units: own, letter: letters.get(person) ?? '' });
  }
  const keys = items.map(({ publicKey }) => present(fromBase64Url(publicKey), 'checked bytes'));
  const usedKeys = new Set((await knownKeys(db, keys)).map(toBase64Url));
  const ids = items.map(({ letter }) => letter);
  const usedLetters = new Set(await knownLetters(db, community, ids));
  return { owners, isReissue, usedKeys, usedLetters, isEnrollable };
}

/** Checks a batch and drafts its act; the items are public and wait as they are. */
export async function issueLetters(
  deps: IdentityDeps,
  officer: ActingOfficer,
  upload: LetterUpload,
): Promise<Result<DraftedLetters, IdentityRefusal>> {
  const { community, batch, until, madeIn } = upload;
  if (!isRegistrar(officer, community)) return refuse('NOT_ALLOWED');
  if (!isBatchEnd(until, civilDateAt(deps.clock()))) return refuse('LETTERS_UNTIL', 'until');
  const read = readItems(upload.items);
  if (!read.ok) return read;
  const items = read.value;
  const reason = upload.reason?.normalize('NFC').trim();
  if (reason === '') return refuse('REISSUE_REASON', 'reason');
  if (reason !== undefined && items.length > MAX_REISSUED) return refuse('REISSUE_TOO_MANY', 'items');
  const reissue = reason === undefined ? null : reissueOf(deps, { community, batch, reason });
  const enrollable = await enrollableKeys(items);
  try {
    return await inTransaction(deps.db, async (tx) => {
      if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
      const asked = { community, items, isReissue: reissue !== null };
      const facts = await loadFacts(tx, deps, asked, (key) => enrollable.has(key));
      const checked = checkBatch(items, facts);
      if (!checked.ok) return checked;
      const root = batchRoot(items);
      await insertBatch(tx, {
        community_id: community,
        batch_id: batch,
        until_on: until === '' ? null : until,
        count: items.length,
        root,
        items: linesFile(items.map(letterItemForm.bytes)),
        reissue,
        drafted_by: officer.officer,
        drafted_at_ms: BigInt(deps.clock()),
      });
      const named = {
        v: 1,
        community,
        batch,
        count: items.length,
        root: toBase64Url(root),
        until,
        madeIn,
      } as const;
      const entry: LetterEntry =
        reissue === null
          ? { ...named, kind: 'letters.issued' }
          : { ...named, kind: 'letters.reissued', reissueHash: reissueHash(reissue) };
      const act = await draftAct(tx, deps, { entry, details: { batch }, draftedBy: officer.officer });
      return ok({ act, count: items.length, root: entry.root });
    });
  } catch (error) {
    const refusal = refusalOfConstraint(error, { letter_batch_pk: 'LETTERS_BATCH_EXISTS' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

type LetterEntry = UnsignedEntry<'letters.issued'> | UnsignedEntry<'letters.reissued'>;

const reissueOf = (deps: IdentityDeps, named: Pick<Reissue, 'community' | 'batch' | 'reason'>): Uint8Array =>
  reissueForm.bytes({ v: 1, kind: 'reissue', ...named, nonce: toBase64Url(deps.random(16)) });

/** The entry of a batch, of whichever of the two kinds. */
function batchEntry({ entry, kind }: SignedAct): LetterEntry {
  assert(entry.kind === 'letters.issued' || entry.kind === 'letters.reissued', `${kind} issues no letters`);
  return entry;
}

function readDraft(lines: Uint8Array): readonly { readonly item: LetterItem; readonly bytes: Uint8Array }[] {
  return present(splitLines(lines), 'written by us').map((bytes) => {
    const item = letterItemForm.parse(bytes);
    return { item: present(item.ok ? item.value : undefined, 'written by us'), bytes };
  });
}

/**
 * Takes every lock that the order of a letters' entry relies on; call it before the entry is written, so that a cast under a
 * letter that the entry ends gets a smaller index (SPEC 6.6).
 */
export async function lockLetterAct(tx: Tx, act: SignedAct): Promise<void> {
  const { entry } = act;
  if (entry.kind === 'letters.revoked') {
    await lockCommunity(tx, entry.community);
    await lockLetters(tx, entry.community, [entry.letter]);
    return;
  }
  const { community, batch: id } = batchEntry(act);
  await lockCommunity(tx, community);
  const batch = await batchById(tx, community, id);
  if (batch === undefined || batch.items === null) return;
  const ended = readDraft(batch.items).flatMap(({ item }) => (item.replaces === '' ? [] : [item.replaces]));
  await lockLetters(tx, community, ended);
}

/** Issues the letters of a signed act: letters that they replace end with the same entry. */
export async function applyLetters(
  tx: Tx,
  deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const entry = batchEntry(act);
  const { community, batch } = entry;
  await lockLetterAct(tx, act);
  const row = present(await batchById(tx, community, batch), 'the act was drafted with its batch');
  if (row.items === null) return refuse('LETTERS_ISSUED_ALREADY');
  const drafted = readDraft(row.items);
  const items = drafted.map(({ item }) => item);
  assert(toBase64Url(batchRoot(items)) === entry.root, 'the batch is the one that was signed');
  // The keys were checked at the upload, and the root covers them.
  const isReissue = entry.kind === 'letters.reissued';
  const checked = checkBatch(items, await loadFacts(tx, deps, { community, items, isReissue }, () => true));
  if (!checked.ok) return checked;
  const replaced = items.flatMap(({ replaces }) => (replaces === '' ? [] : [replaces]));
  await endLetters(tx, community, replaced, entryId);
  await forgetEmailsUnder(tx, deps, community, replaced);
  await insertLetters(
    tx,
    drafted.map(({ item, bytes }, position) => ({
      community_id: community,
      letter_id: item.letter,
      batch_id: batch,
      position,
      person_id: item.person,
      item: bytes,
    })),
    items.map((item) => ({
      community_id: community,
      credential_id: item.letter,
      person_id: item.person,
      identity: present(fromBase64Url(item.identity), 'checked bytes'),
      kind: 'letter',
      alg: 'Ed25519',
      public_key: present(fromBase64Url(item.publicKey), 'checked bytes'),
      webauthn_id: concat(),
      until_on: row.until_on,
      entry_id: entryId,
    })),
  );
  await closeBatch(tx, community, batch, entryId);
  return ok(undefined);
}

/** Drafts the revocation of a letter that was lost or stolen. */
export async function revokeLetter(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, letter }: { readonly community: string; readonly letter: string },
): Promise<Result<{ readonly act: string }, IdentityRefusal>> {
  if (!isRegistrar(officer, community)) return refuse('NOT_ALLOWED');
  const row = await letterById(deps.db, community, letter);
  if (row === undefined) return refuse('LETTER_UNKNOWN');
  if (row.ended_entry_id !== null) return refuse('LETTER_ENDED');
  const entry = { v: 1, kind: 'letters.revoked', community, letter } as const;
  try {
    const act = await inTransaction(deps.db, (tx) =>
      draftAct(tx, deps, { entry, details: { letter }, draftedBy: officer.officer }),
    );
    return ok({ act });
  } catch (error) {
    // Two revocations of a letter would be the same entry.
    const refusal = refusalOfConstraint(error, { act_subject_key: 'LETTER_REVOCATION_DRAFTED' });
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}

/** Ends the letter of a signed revocation. */
export async function applyRevocation(
  tx: Tx,
  deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'letters.revoked', `${act.kind} revokes no letter`);
  await lockLetterAct(tx, act);
  const row = present(await letterById(tx, entry.community, entry.letter), 'the act names a letter');
  if (row.ended_entry_id !== null) return refuse('LETTER_ENDED');
  await endLetters(tx, entry.community, [entry.letter], entryId);
  await forgetEmailsUnder(tx, deps, entry.community, [entry.letter]);
  return ok(undefined);
}
