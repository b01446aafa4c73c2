// Goal: a reissue is a small batch with a reason that stays out of the log, signed by two officers; all else is as for any batch (SPEC
// 2.4, 3.2). Method: a real register with letters; reissues drafted, signed and executed as the service does it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, fromUtf8 } from '../../src/base/bytes.ts';
import { letterLines, reissueLines } from '../../src/identity/credentials.ts';
import type { MadeLetters } from '../../src/identity/domain/letter-making.ts';
import { applyLetters, issueLetters } from '../../src/identity/issuing.ts';
import { readAct } from '../../src/officers/acts.ts';
import { entryForm } from '../../src/record/entry.ts';
import { MAX_REISSUED, reissueForm, reissueHash } from '../../src/record/reissue.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { emailsOf, putEmail } from '../support/emails.ts';
import { codeOf, issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const file = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
]);
const REASON = '信函丢失,已当面核对';

let fresh: FreshDatabase;
let the: TestCommunity;
let made: MadeLetters;
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'reissuing');
  await bringIntoForce(the, file);
  made = await makeFor(the, file);
  await issue(the, made);
});
afterAll(async () => fresh.close());

const again = (name: string): Promise<MadeLetters> => makeFor(the, file, [codeOf(made, name).person]);
const draft = ({ batch, items }: Pick<MadeLetters, 'batch' | 'items'>, reason: string) =>
  issueLetters(the.deps, the.registrar, {
    community: the.community,
    batch,
    madeIn: 'command',
    until: '',
    items,
    reason,
  });
const codeFor = async (letters: MadeLetters, reason: string): Promise<string> => {
  const drafted = await draft(letters, reason);
  return drafted.ok ? 'ok' : drafted.refusal.code;
};

describe('a reissue', () => {
  it('needs a reason', async () => {
    expect(await codeFor(await again('陈大文'), ' \n')).toBe('REISSUE_REASON');
  });

  it('is of ten letters at most', async () => {
    const letters = await again('陈大文');
    const item = present(letters.items[0], 'one');
    const many = { ...letters, items: Array(MAX_REISSUED + 1).fill(item) as MadeLetters['items'] };
    expect(await codeFor(many, REASON)).toBe('REISSUE_TOO_MANY');
  });

  it('is checked as any batch', async () => {
    const letters = await again('陈大文');
    const stray = letters.items.map((item) => ({ ...item, replaces: '' }));
    expect(await codeFor({ ...letters, items: stray }, REASON)).toBe('LETTER_REPLACES');
  });

  it('is signed by no registrar, and replaces the letter with the entry that two others signed', async () => {
    const letters = await again('陈大文');
    const drafted = await draft(letters, `  ${REASON} `);
    if (!drafted.ok) throw new Error(drafted.refusal.code);
    const { act } = drafted.value;
    await expect(signBy(the.deps, act, [the.registrar])).rejects.toThrow();
    await signBy(the.deps, act, [the.committee]);
    expect(present(await readAct(the.deps, act), 'drafted').act.state).toBe('open');
    await signBy(the.deps, act, [the.street]);
    await putEmail(fresh.db, the.community, codeOf(made, '陈大文').person);
    const done = await executeAct(the.deps, act, applyLetters);
    if (!done.ok) throw new Error(done.refusal.code);
    expect(await emailsOf(fresh.db, the.community)).toEqual({ addresses: [], codes: [] });
    const row = await fresh.db
      .selectFrom('log_entry')
      .select('data')
      .where('id', '=', done.value)
      .executeTakeFirstOrThrow();
    const entry = entryForm.parse(row.data);
    if (!entry.ok || entry.value.kind !== 'letters.reissued') throw new Error('not the entry');
    expect(fromUtf8(row.data)).not.toContain('信函');
    expect(entry.value.evidence).toHaveLength(2);
    const log = await fresh.db.selectFrom('log_entry').select('id').execute();
    const lines = await letterLines(fresh.db, the.community);
    expect(lines.filter(({ batch }) => batch === letters.batch)).toHaveLength(1);
    const { person, letter } = codeOf(made, '陈大文');
    const rows = await fresh.db
      .selectFrom('credential')
      .select(['credential_id', 'ended_entry_id'])
      .where('person_id', '=', person)
      .execute();
    expect(rows.find((one) => one.credential_id === letter)?.ended_entry_id).toBe(done.value);
    expect(rows.filter((one) => one.ended_entry_id === null)).toHaveLength(1);
    // No sequencer runs here: the line is for the bundle once its entry has an index.
    expect(await reissueLines(fresh.db, the.community, log.length)).toEqual([]);
    const stored = await fresh.db
      .selectFrom('letter_batch')
      .select('reissue')
      .where('batch_id', '=', letters.batch)
      .executeTakeFirstOrThrow();
    const bytes = present(stored.reissue, 'kept');
    expect(reissueHash(bytes)).toBe(entry.value.reissueHash);
    expect(reissueForm.own(bytes)).toMatchObject({ batch: letters.batch, reason: REASON });
    expect(fromBase64Url(entry.value.root)).toHaveLength(32);
  });
});
