// Goal: whoever asks for it is erased as far as the law lets him go, when nothing needs him any more, and what counts and proves votes
// stays (docs/personal-information.md, PIPL §47). Method: the command after a whole meeting over HTTP; every value of the database that
// the keys open is searched for him, and auditors' and public bundles are verified afterwards.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Erasure } from '../../src/assembly/erasing.ts';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { importFile } from '../../src/cli/demo/founding.ts';
import { signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { personalCommand } from '../../src/cli/personal.ts';
import { openAtRest } from '../../src/crypto/at-rest.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { reindexAll } from '../../src/jobs/reindexing.ts';
import { generationsIn, SEALED_TABLES } from '../../src/jobs/resealing.ts';
import { requisitionForm, requisitionHash, supportForm, supportHash } from '../../src/record/requisition.ts';
import { trustForm } from '../../src/record/trust.ts';
import { openName } from '../../src/registry/persons.ts';
import { personsOf } from '../../src/registry/store/units.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import { keyOf, signIn } from '../ballot/mandate-world.ts';
import { newClient, refusal } from '../ballot/voting-world.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';

const DAY_MS = 86_400_000;
let service: TestService;
let told: Told;
let him: LetterCode;
/** The register without him: another has his home. */
let after: Uint8Array;
const before = new Map<string, Awaited<ReturnType<typeof verified>>>();

beforeAll(async () => {
  service = await startTestService();
  told = await tellStory({ demo: service, seed: 'erase', units: 24, phase: () => undefined });
  for (const audience of ['auditor', 'public'] as const) before.set(audience, await verified(audience));
  const text = present(fromUtf8(told.generated.csv), 'utf-8');
  const timesIn = (part: string): number => text.split(part).length - 1;
  him = present(
    told.codes.find(
      ({ owner, units }) =>
        owner.docKind === 'resident-id' &&
        owner.phones.length > 0 &&
        units.length === 1 &&
        units[0]?.owners.length === 1 &&
        [owner.name, owner.number, owner.phones[0] ?? ''].every((part) => timesIn(part) === 1),
    ),
    'an owner of one home',
  );
  const { owner } = him;
  after = utf8(
    text
      .replace(owner.name, '欧阳新人')
      .replace(owner.number, '442000198001010084')
      .replace(owner.phones[0] ?? '', '13900139000'),
  );
}, 240_000);
afterAll(async () => service.close());

/** The command some days after now, as an operator types it. */
async function erase(days: number, argv: readonly string[], typed = '') {
  let [out, err] = ['', ''];
  const { deps } = service.service;
  const code = await personalCommand(
    ['erase', '--community', told.community, ...argv],
    {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
    },
    () => service.clock() + days * DAY_MS,
    async () => ({ ...deps, close: async () => undefined }),
    async () => typed,
  );
  return { code, out, err };
}
const byId = (days: number, ...argv: string[]) => erase(days, ['--person', him.person, ...argv]);
const outcomeOf = ({ out }: { readonly out: string }) => JSON.parse(out) as Erasure;
const YES = ['--yes', '--reason', '书面申请2026年第1号'];

/** Columns in which some text stands, in the open or sealed for our keys. */
async function columnsWith(part: string): Promise<readonly string[]> {
  const { fresh } = service;
  const columns = await sql<{ table: string; column: string }>`
    select c.table_name as table, c.column_name as column from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.udt_name in ('text', 'bytea', 'varchar')`.execute(
    fresh.owner,
  );
  const found: string[] = [];
  for (const { table, column } of columns.rows) {
    const as = sql`position(${Buffer.from(part)} in case when pg_typeof(${sql.ref(column)})::text = 'bytea'
      then ${sql.ref(column)}::text::bytea else convert_to(${sql.ref(column)}::text, 'UTF8') end)`;
    const { rows } = await sql`select 1 from ${sql.table(table)} where ${sql.ref(column)} is not null
      and ${as} > 0 limit 1`.execute(fresh.owner);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  for (const table of SEALED_TABLES) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table.table)}`.execute(
      fresh.owner,
    );
    for (const row of rows)
      for (const column of table.columns) {
        const value = row[column];
        const ids = table.key.map((name) => String(row[name]));
        if (!(value instanceof Uint8Array)) continue;
        const opened = openAtRest(service.service.deps.atRest, table.placeOf(column, ids), value);
        if (Buffer.from(opened).includes(Buffer.from(part))) found.push(`${table.table}.${column}`);
      }
  }
  return [...new Set(found)].sort();
}

/** Everything of his that anybody could know him by. */
const traces = async () => ({
  name: await columnsWith(him.owner.name),
  number: await columnsWith(him.owner.number),
  phone: await columnsWith(him.owner.phones[0] ?? ''),
});

async function announceAndPrint(): Promise<void> {
  const { world } = service;
  const { street } = told.officers;
  await world.beatNow();
  await service.service.announceNow();
  await signInOfficer(world, street);
  const path = `/v1/communities/${told.community}/print-runs`;
  for (;;) {
    const run = await street.client.post<{ run: string }>(path).catch(() => undefined);
    if (run === undefined) return;
    await street.client.post(`${path}/${run.run}/posted`);
  }
}

/** He demands a meeting. */
async function demand(): Promise<void> {
  const signedIn = await signIn(service, him);
  const { community, person } = signedIn.me;
  const draw = () => toBase64Url(service.world.random(16));
  const ids = { v: 1, community, requisition: newId(service.world.random) } as const;
  const bytes = requisitionForm.bytes({
    ...ids,
    kind: 'requisition',
    title: '更换门禁',
    text: '门禁坏了。',
    nonce: draw(),
  });
  const support = supportForm.bytes({
    ...ids,
    kind: 'support',
    requisitionHash: requisitionHash(bytes),
    person,
    stands: 'joined',
    nonce: draw(),
  });
  await signedIn.client.post('/v1/requisitions', {
    requisition: toBase64Url(bytes),
    support: toBase64Url(support),
    signature: keyOf(signedIn).sign(supportHash(support)),
  });
}

/** Checks that fail, and how many pass, of the bundle for one audience. */
async function verified(audience: 'auditor' | 'public') {
  const { deps } = service.service;
  const [files, trust] = [
    await exportBundle(deps, told.meeting, audience),
    await exportTrust(deps, told.meeting),
  ];
  if (!files.ok || !trust.ok) throw new Error('not exported');
  const folder = { files: files.value, irregular: [] };
  const report = await verifyBundle(folder, { trust: trustForm.own(trust.value) });
  const checks = report.ok ? report.value.checks : [];
  const ofOutcome = (wanted: string) => checks.flatMap(({ id, outcome }) => (outcome === wanted ? [id] : []));
  return { fail: ofOutcome('fail'), pass: ofOutcome('pass').length };
}

describe('personal erase', { timeout: 120_000 }, () => {
  it('refuses who is unknown, who owns a home, and what it does not understand; and changes nothing', async () => {
    const traced = await traces();
    // The search finds what stands in the open too.
    expect(await columnsWith('register.imported')).toEqual(
      expect.arrayContaining(['act.kind', 'log_entry.data']),
    );
    expect(traced.name).toContain('person.sealed_name');
    expect(traced.phone).toContain('person.sealed_contact');
    const owns = await byId(0, ...YES);
    expect([owns.code, owns.out, owns.err.trim().split('\n').length]).toEqual([1, '', 1]);
    expect(owns.err).toContain('ERASURE_OWNER');
    const unknown = await erase(0, ['--number'], '44200019800101015X');
    expect([unknown.code, unknown.err.includes('PERSON_UNKNOWN')]).toEqual([1, true]);
    for (const argv of [
      ['--person', him.person, '--yes'],
      ['--person', him.person, '--number'],
      ['--person', him.person, '--identity-days', '364'],
      [],
    ])
      expect((await erase(0, argv)).code).toBe(2);
    expect(await traces()).toEqual(traced);
  });

  it('lists what goes and what stays, and changes nothing', async () => {
    const { world } = service;
    const { committee, street } = told.officers;
    for (const officer of [committee, street]) await signInOfficer(world, officer);
    await demand();
    await importFile(world, told.officers, told.community, after);
    await announceAndPrint();
    const shown = him.person.toUpperCase().replace(/(.{5})(?=.)/g, '$1-');
    const listed = await erase(0, ['--person', shown, '--json']);
    expect(listed.err).toBe('');
    const { erased, kept } = outcomeOf(listed);
    expect(erased).toMatchObject({ identity: 0, contact: 1 });
    expect(erased.announcements).toBeGreaterThan(0);
    expect(kept.map(({ what, until }) => [what, until !== ''])).toEqual(
      expect.arrayContaining([
        ['identity', true],
        ['rolls', false],
        ['keys', false],
        ['objections', false],
      ]),
    );
    // The requisition and his signature under it.
    expect(kept).toContainEqual({ what: 'requisitions', count: 2, until: '' });
    expect((await traces()).phone).not.toEqual([]);
  });

  it('erases at once how he is reached, and keeps his name until the time for a suit is over', async () => {
    const done = outcomeOf(await byId(0, '--json', ...YES));
    expect([done.erased.identity, done.erased.contact]).toEqual([0, 1]);
    const left = await traces();
    // The file of the register that the roll was made from has its own time.
    expect(left.phone).toEqual(['register.file']);
    expect(left.number).toEqual(['person.sealed_number', 'register.file']);
    expect(done.kept).toContainEqual({ what: 'files', count: 1, until: '' });
    const [until] = done.kept.flatMap(({ what, until }) => (what === 'identity' ? [until] : []));
    const told = await byId(0);
    expect(told.out).toContain(`until ${until}`);
    expect((await byId(0, '--json')).out).toContain('"contact":0');
    expect(outcomeOf(await byId(728, '--json')).erased.identity).toBe(0);
  });

  it('erases name and number two years after the last vote, and nothing that the keys open has them any more', async () => {
    const done = outcomeOf(await erase(800, ['--number', '--json', ...YES], him.owner.number));
    expect(done.persons).toEqual([him.person]);
    expect([done.erased.identity, done.erased.files]).toEqual([1, 1]);
    expect(done.kept.some(({ what }) => what === 'identity')).toBe(false);
    expect(await traces()).toEqual({ name: [], number: [], phone: [] });
    const { rows } = await sql<{ reason: string; erased: string }>`
      select reason, erased from personal_erasure order by erased_at_ms`.execute(service.fresh.db);
    expect(rows.map(({ reason }) => reason)).toEqual(['书面申请2026年第1号', '书面申请2026年第1号']);
    expect((await byId(801, ...YES)).err).toContain('PERSON_ERASED');
    expect((await erase(801, ['--number'], him.owner.number)).err).toContain('PERSON_UNKNOWN');
  });

  it('leaves bundles that verify, for auditors and for the public', async () => {
    for (const audience of ['auditor', 'public'] as const)
      expect(await verified(audience)).toEqual(before.get(audience));
    expect(before.get('auditor')).toMatchObject({ fail: [] });
    expect(before.get('auditor')?.pass).toBeGreaterThan(before.get('public')?.pass ?? 0);
  });

  it('makes his letter a stranger’s, and lets nobody name him', async () => {
    const { code, owner } = him;
    const login = signInOwner(service.world, newClient(service), { code, number: owner.number });
    expect(await refusal(login)).toMatch(/IDENTITY_REFUSED$/);
    const { committee, street } = told.officers;
    const path = `/v1/communities/${told.community}/merges`;
    const others = (await personsOf(service.fresh.db, told.community)).filter(
      (row) => row.person_id !== him.person,
    );
    const merge = { keeps: others[0]?.person_id, merged: him.person, reason: '同一人两个证件' };
    expect(await refusal(committee.client.post(path, merge))).toMatch(/MERGE_PERSON$|NOT_ALLOWED$/);
    expect(await refusal(street.client.post(path, merge))).toMatch(/MERGE_PERSON$|NOT_ALLOWED$/);
  });

  it('passes over him when keys change, and takes him for a new person when he buys again', async () => {
    const { deps } = service.service;
    expect(await generationsIn(deps)).toMatchObject({ former: 0, unknown: 0 });
    expect(await reindexAll(deps)).toMatchObject({ remaining: 0, unopened: [] });
    for (const officer of [told.officers.committee, told.officers.street])
      await signInOfficer(service.world, officer);
    await importFile(service.world, told.officers, told.community, told.generated.csv);
    const rows = await personsOf(service.fresh.db, told.community);
    const his = rows.filter((row) => openName(deps, row) === him.owner.name);
    expect(his).toHaveLength(1);
    expect(his[0]?.person_id).not.toBe(him.person);
    expect(rows.find((row) => row.person_id === him.person)?.number_index).toBeNull();
  });
});
