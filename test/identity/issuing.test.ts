// Goal: letters become credentials only for the persons and units of the register, one each, by the registrar's signature.
// Method: a real register, letters as the command makes them, one change in a batch for each refusal.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, toHex } from '../../src/base/bytes.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { newId } from '../../src/base/clock.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { areInForce, credentialLines, letterLines, votingKeysOf } from '../../src/identity/credentials.ts';
import type { MadeLetters } from '../../src/identity/domain/letter-making.ts';
import {
  applyLetters,
  applyRevocation,
  issueLetters,
  lockLetterAct,
  revokeLetter,
} from '../../src/identity/issuing.ts';
import { takeSignedAct } from '../../src/officers/acts.ts';
import { entryForm } from '../../src/record/entry.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm } from '../../src/record/letter.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { emailsOf, putEmail } from '../support/emails.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const file = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,102,90.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,`,
  `2栋,201,70.00,某某置业有限公司,${NUMBERS.company},未售,,`,
  `2栋,202,71.00,王五,${NUMBERS.wang},已售未交付,,`,
]);

let settledCount = 0;
async function settled(seed: string): Promise<TestCommunity> {
  settledCount += 1;
  const the = await newCommunity(fresh, `${seed} ${settledCount}`);
  await bringIntoForce(the, file);
  return the;
}

const count = async (table: string, the: TestCommunity): Promise<number> => {
  const found = await sql<{ n: bigint }>`
    select count(*) as n from ${sql.table(table)} where community_id = ${the.community}`.execute(fresh.owner);
  return Number(found.rows[0]?.n);
};

/** The voting key of a credential that is in force now, or undefined. */
async function inForce(the: TestCommunity, credential: string) {
  const use = { community: the.community, credential, at: the.deps.clock() };
  const [isInForce] = await inTransaction(fresh.db, (tx) => areInForce(tx, [use]));
  const [key] = await votingKeysOf(fresh.db, [use]);
  return isInForce === true ? key : undefined;
}

describe('a batch of letters', () => {
  it('becomes one letter and one credential for each owner, under the root that was signed', async () => {
    const the = await settled('issue');
    const made = await makeFor(the, file);
    expect(made.items).toHaveLength(4);
    const entryId = await issue(the, made, '2028-01-01');
    expect([await count('letter', the), await count('credential', the)]).toEqual([4, 4]);
    const row = await fresh.db
      .selectFrom('log_entry')
      .select('data')
      .where('id', '=', entryId)
      .executeTakeFirstOrThrow();
    const entry = entryForm.parse(row.data);
    if (!entry.ok || entry.value.kind !== 'letters.issued') throw new Error('not the entry');
    const lines = await letterLines(fresh.db, the.community);
    expect(lines.map(({ item }) => item.letter)).toEqual(made.items.map(({ letter }) => letter).sort());
    const root = rootOfHashes(lines.map(({ item }) => leafHash(letterItemForm.bytes(item))));
    expect(entry.value).toMatchObject({ root: toBase64Url(root), count: 4, until: '2028-01-01' });
    for (const item of made.items) {
      const credential = present(await inForce(the, item.letter), 'in force');
      expect(credential).toMatchObject({ person: item.person, identity: item.identity, kind: 'letter' });
      expect(toBase64Url(credential.publicKey)).toBe(item.publicKey);
    }
    const named = await credentialLines(fresh.db, the.community, [
      made.items[0]?.letter ?? '',
      newId(the.deps.random),
    ]);
    expect(named).toEqual([
      {
        credential: made.items[0]?.letter,
        person: made.items[0]?.person,
        identity: made.items[0]?.identity,
        kind: 'letter',
        alg: 'Ed25519',
        publicKey: made.items[0]?.publicKey,
        webauthnId: '',
      },
    ]);
  });

  it('of a page waits for an office outside the vote beside the registrar, and says so in the log', async () => {
    const the = await settled('page');
    const { batch, items } = await makeFor(the, file);
    const upload = { community: the.community, batch, madeIn: 'browser' as const, until: '', items };
    const drafted = await issueLetters(the.deps, the.registrar, upload);
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    const { act } = drafted.value;
    await expect(signBy(the.deps, act, [the.committee])).rejects.toThrow('ACTION_ROLE');
    await signBy(the.deps, act, [the.registrar]);
    await expect(executeAct(the.deps, act, applyLetters)).rejects.toThrow('the act is signed');
    expect(await count('credential', the)).toBe(0);
    await signBy(the.deps, act, [the.street]);
    const done = await executeAct(the.deps, act, applyLetters);
    if (!done.ok) throw new Error(done.refusal.code);
    const rows = fresh.db.selectFrom('log_entry').select('data').where('id', '=', done.value);
    const entry = entryForm.parse((await rows.executeTakeFirstOrThrow()).data);
    expect(entry.ok && entry.value).toMatchObject({ kind: 'letters.issued', madeIn: 'browser' });
    expect(await count('credential', the)).toBe(4);
  });

  it('names for the developer what he has sold and not handed over', async () => {
    const the = await settled('developer');
    const made = await makeFor(the, file);
    const unitsOf = (name: string) =>
      made.items.find(({ letter }) => letter === codeOf(made, name).letter)?.units.length;
    expect(['某某置业有限公司', '王五', '陈大文', '李小明'].map(unitsOf)).toEqual([2, 1, 2, 1]);
  });

  it('is inert until the registrar has signed', async () => {
    const the = await settled('unsigned');
    const { batch, items } = await makeFor(the, file);
    const upload = { community: the.community, batch, madeIn: 'command' as const, until: '', items };
    expect((await issueLetters(the.deps, the.registrar, upload)).ok).toBe(true);
    expect(await count('credential', the)).toBe(0);
    expect(await inForce(the, items[0]?.letter ?? '')).toBeUndefined();
    const again = await issueLetters(the.deps, the.registrar, upload);
    expect(again.ok ? '' : again.refusal.code).toBe('LETTERS_BATCH_EXISTS');
  });

  it('is for the registrar of this very community', async () => {
    const the = await settled('registrar');
    const other = await newCommunity(fresh, 'another registrar');
    const { batch, items } = await makeFor(the, file);
    for (const officer of [the.committee, the.street, other.registrar]) {
      const refused = await issueLetters(the.deps, officer, {
        community: the.community,
        batch,
        madeIn: 'command',
        until: '',
        items,
      });
      expect(refused.ok ? '' : refused.refusal.code).toBe('NOT_ALLOWED');
    }
  });

  const today = civilDateAt(1_796_896_800_000);
  it.each([addDays(today, -1), addDays(today, 1097), '2027-02-30', 'soon'])(
    'does not end on %s',
    async (until) => {
      const the = await settled(`until ${until}`);
      const { batch, items } = await makeFor(the, file);
      const refused = await issueLetters(the.deps, the.registrar, {
        community: the.community,
        batch,
        madeIn: 'command',
        until,
        items,
      });
      expect(refused.ok ? '' : refused.refusal.code).toBe('LETTERS_UNTIL');
    },
  );
});

/** A key on the curve of order 8: every library agrees that it is no key. */
const SMALL_ORDER = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));

type Break = (items: readonly LetterItem[], former: MadeLetters) => readonly unknown[];
const first = (items: readonly LetterItem[]): LetterItem => present(items[0], 'not empty');
const changed =
  (change: (item: LetterItem, items: readonly LetterItem[], former: MadeLetters) => object): Break =>
  (items, former) => [{ ...first(items), ...change(first(items), items, former) }, ...items.slice(1)];

describe('a batch is refused as a whole', () => {
  const cases: readonly (readonly [string, Break])[] = [
    ['LETTERS_EMPTY', () => []],
    ['LETTER_MALFORMED', changed(() => ({ secret: 'x' }))],
    ['LETTER_MALFORMED', changed(() => ({ publicKey: 'AA' }))],
    ['LETTERS_REPEAT', (items) => [...items, first(items)]],
    ['LETTERS_REPEAT', changed((_, items) => ({ publicKey: items[1]?.publicKey }))],
    ['LETTERS_REPEAT', changed((_, items) => ({ person: items[1]?.person }))],
    ['LETTER_PERSON', changed(() => ({ person: 'a'.repeat(26) }))],
    ['LETTER_IDENTITY', changed((_, items) => ({ identity: items[1]?.identity }))],
    ['LETTER_UNITS', changed(() => ({ units: [] }))],
    ['LETTER_UNITS', changed((item) => ({ units: [...item.units, ...item.units] }))],
    ['LETTER_UNITS', changed((item) => ({ units: [...item.units.slice(1), 'a'.repeat(26)] }))],
    ['LETTER_KEY', changed(() => ({ publicKey: SMALL_ORDER }))],
    ['LETTER_REPLACES', changed(() => ({ replaces: 'a'.repeat(26) }))],
    ['LETTER_KEY_USED', changed((_, __, former) => ({ publicKey: former.items[0]?.publicKey }))],
  ];
  it.each(cases)('as %s', async (code, broken) => {
    const the = await settled('broken');
    const elsewhere = await settled('elsewhere');
    const former = await makeFor(elsewhere, file);
    await issue(elsewhere, former);
    const { batch, items } = await makeFor(the, file);
    const refused = await issueLetters(the.deps, the.registrar, {
      community: the.community,
      batch,
      madeIn: 'command',
      until: '',
      items: broken(items, former),
    });
    expect(refused.ok ? '' : refused.refusal.code).toBe(code);
    expect(await count('letter_batch', the)).toBe(0);
    const acts = await fresh.db
      .selectFrom('act')
      .select('act_id')
      .where('community_id', '=', the.community)
      .where('kind', '=', 'letters.issued')
      .execute();
    expect(acts).toEqual([]);
  });

  it('also at execution, where another batch came first', async () => {
    const the = await settled('raced');
    const [a, b] = [await makeFor(the, file), await makeFor(the, file)];
    const acts: string[] = [];
    for (const { batch, items } of [a, b]) {
      const upload = { community: the.community, batch, madeIn: 'command' as const, until: '', items };
      const drafted = await issueLetters(the.deps, the.registrar, upload);
      if (!drafted.ok) throw new Error(drafted.refusal.code);
      await signBy(the.deps, drafted.value.act, [the.registrar]);
      acts.push(drafted.value.act);
    }
    const done = await Promise.all(acts.map((act) => executeAct(the.deps, act, applyLetters)));
    expect(done.map((each) => (each.ok ? 'ok' : each.refusal.code)).sort()).toEqual([
      'LETTER_REPLACES',
      'ok',
    ]);
    expect(await count('letter', the)).toBe(4);
  });
});

describe('a letter ends', () => {
  it('when another one replaces it, by the same entry', async () => {
    const the = await settled('replace');
    const made = await makeFor(the, file);
    await issue(the, made);
    const chen = codeOf(made, '陈大文');
    const next = await makeFor(the, file, [chen.person]);
    expect(next.items).toMatchObject([{ person: chen.person, replaces: chen.letter }]);
    const entryId = await issue(the, next);
    expect(await inForce(the, chen.letter)).toBeUndefined();
    expect((await inForce(the, next.items[0]?.letter ?? ''))?.person).toBe(chen.person);
    const ended = await fresh.db
      .selectFrom('credential')
      .select('ended_entry_id')
      .where('credential_id', '=', chen.letter)
      .executeTakeFirst();
    expect(ended?.ended_entry_id).toBe(entryId);
    expect(await letterLines(fresh.db, the.community)).toHaveLength(5);
  });

  it('when the registrar revokes it, once', async () => {
    const the = await settled('revoke');
    const made = await makeFor(the, file);
    await issue(the, made);
    const request = { community: the.community, letter: codeOf(made, '王五').letter };
    const draft = await revokeLetter(the.deps, the.registrar, request);
    if (!draft.ok) throw new Error(draft.refusal.code);
    const again = await revokeLetter(the.deps, the.registrar, request);
    expect(again.ok ? '' : again.refusal.code).toBe('LETTER_REVOCATION_DRAFTED');
    const [revoked, other] = [codeOf(made, '王五').person, codeOf(made, '陈大文').person];
    await putEmail(fresh.db, the.community, revoked);
    await putEmail(fresh.db, the.community, other);
    await signBy(the.deps, draft.value.act, [the.registrar]);
    expect((await executeAct(the.deps, draft.value.act, applyRevocation)).ok).toBe(true);
    expect(await inForce(the, request.letter)).toBeUndefined();
    // Whoever held the letter may have typed the address.
    expect(await emailsOf(fresh.db, the.community)).toEqual({ addresses: [other], codes: [other] });
    const late = await revokeLetter(the.deps, the.registrar, request);
    expect(late.ok ? '' : late.refusal.code).toBe('LETTER_ENDED');
    const none = await revokeLetter(the.deps, the.registrar, { ...request, letter: 'a'.repeat(26) });
    expect(none.ok ? '' : none.refusal.code).toBe('LETTER_UNKNOWN');
    const clerk = await revokeLetter(the.deps, the.committee, request);
    expect(clerk.ok ? '' : clerk.refusal.code).toBe('NOT_ALLOWED');
  });

  it('not a second time, where it was replaced before its revocation was executed', async () => {
    const the = await settled('replaced before');
    const made = await makeFor(the, file);
    await issue(the, made);
    const { letter, person } = codeOf(made, '王五');
    const draft = await revokeLetter(the.deps, the.registrar, { community: the.community, letter });
    if (!draft.ok) throw new Error(draft.refusal.code);
    await signBy(the.deps, draft.value.act, [the.registrar]);
    await issue(the, await makeFor(the, file, [person]));
    const late = await executeAct(the.deps, draft.value.act, applyRevocation);
    expect(late.ok ? '' : late.refusal.code).toBe('LETTER_ENDED');
  });

  it('after its last day in Shanghai, not on it', async () => {
    const the = await settled('expiry');
    const made = await makeFor(the, file);
    await issue(the, made, '2026-12-11');
    const letter = made.items[0]?.letter ?? '';
    the.time.set(Date.parse('2026-12-11T23:59:59+08:00'));
    expect(await inForce(the, letter)).toBeDefined();
    the.time.set(Date.parse('2026-12-12T00:00:00+08:00'));
    expect(await inForce(the, letter)).toBeUndefined();
  });

  it('only after a cast under it that came first: the end waits for the cast’s lock', async () => {
    const the = await settled('order');
    const made = await makeFor(the, file);
    await issue(the, made);
    const { letter } = codeOf(made, '王五');
    const drafted = await revokeLetter(the.deps, the.registrar, { community: the.community, letter });
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    const { act: actId } = drafted.value;
    await signBy(the.deps, actId, [the.registrar]);
    const order: string[] = [];
    let ending: Promise<void> | undefined;
    await inTransaction(fresh.db, async (tx) => {
      const use = { community: the.community, credential: letter, at: the.deps.clock() };
      expect(await areInForce(tx, [use])).toEqual([true]);
      ending = inTransaction(fresh.db, async (other) => {
        await lockLetterAct(other, present(await takeSignedAct(other, actId), 'signed'));
        order.push('end');
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('cast');
    });
    await ending;
    expect(order).toEqual(['cast', 'end']);
  });
});

describe('the public half', () => {
  it('is all that the database holds: neither a code nor a seed is in any column', async () => {
    const the = await settled('public');
    const made = await makeFor(the, file);
    await issue(the, made);
    const { code } = codeOf(made, '陈大文');
    for (const table of ['letter', 'letter_batch', 'credential', 'act', 'log_entry']) {
      const hit = await sql<{ n: bigint }>`
        select count(*) as n from ${sql.table(table)} t
         where position(${toHex(code)} in t::text) > 0 or position(${toBase64Url(code)} in t::text) > 0`.execute(
        fresh.owner,
      );
      expect(Number(hit.rows[0]?.n)).toBe(0);
    }
  });
});
