// Goal: the database itself refuses an emergency where nobody declared that it may be, one that officers did not sign, and a declaration
// without the regulator. Method: raw SQL around the shells, as the application and as the owner; each case names its constraint.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import { freshDatabase } from '../support/database.ts';
import { annulLift, authoriseLift, declare } from './emergency-world.ts';
import { accepted, authorise, deposit, type FundWorld, fundWorld } from './fund-world.ts';
import { refusedBy } from './raw-book.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const UNITS = ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n }));

/** Emergencies are allowed, and one stands. */
let world: FundWorld;
/** An emergency that stands, one that was annulled, and a resolution's authorisation. */
let [lift, annulled, roof] = ['', '', ''];
/** Nothing was declared. */
let silent: FundWorld;
/** Allowed once, and barred since. */
let barred: FundWorld;
beforeAll(async () => {
  const make = async (seed: string): Promise<FundWorld> => {
    const made = await fundWorld(fresh, {
      seed: `emergency constraints ${seed}`,
      units: UNITS,
      capFen: 300n,
    });
    accepted(await deposit(made, [9000n, 9000n]));
    return made;
  };
  [world, silent, barred] = [await make('one'), await make('silent'), await make('barred')];
  await declare(world);
  lift = await authoriseLift(world);
  annulled = await authoriseLift(world, { text: '2幢电梯也停了。' });
  await annulLift(world, annulled);
  roof = await authorise(world);
  await declare(barred);
  await declare(barred, 'barred');
});

/** The log's row, and a done act that these roles signed, as an intruder with the application's rights could write them. */
async function logged(
  tx: Database,
  of: FundWorld,
  kind: string,
  facts: Readonly<Record<string, string>>,
  roles: readonly string[],
): Promise<bigint> {
  const { id } = await tx
    .insertInto('log_entry')
    .values({ data: utf8(JSON.stringify(facts)), kind, community_id: of.community, meeting_id: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  const act = newId(of.deps.random);
  await tx
    .insertInto('act')
    .values({
      act_id: act,
      community_id: of.community,
      meeting_id: null,
      kind,
      entry: new Uint8Array(),
      subject: of.deps.random(32),
      rule_kind: null,
      details: '{}',
      state: 'done',
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: id,
    })
    .execute();
  for (const role of roles)
    await tx
      .insertInto('act_signature')
      .values({
        act_id: act,
        officer_id: newId(of.deps.random),
        role,
        identity: of.deps.random(32),
        public_key: of.deps.random(32),
        action: new Uint8Array(),
        signature: '',
        evidence: of.deps.random(32),
        signed_at_ms: 1n,
      })
      .execute();
  return id;
}

type Raw = {
  readonly of?: () => FundWorld;
  readonly signedAs?: readonly string[];
  readonly logged?: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly row?: Readonly<Record<string, unknown>>;
};

const undone = async (db: Database, work: (tx: Database) => Promise<void>): Promise<void> => {
  await db.transaction().execute(async (tx) => {
    await work(tx);
    await sql`set constraints all immediate`.execute(tx);
    throw new Error('accepted');
  });
};

/** An emergency past the shells, as whoever has a login could write it. */
const rawEmergency = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const of = raw.of?.() ?? world;
    const authorisation = newId(of.deps.random);
    const record = utf8(authorisation);
    const hash = h256('emergency', record);
    const facts = { authorisation, emergencyHash: toBase64Url(hash), ...raw.logged };
    const signed = raw.signedAs ?? ['committee', 'street'];
    const id = await logged(tx, of, raw.kind ?? 'emergency.authorised', facts, signed);
    await tx
      .insertInto('fund_authorisation')
      .values({
        community_id: of.community,
        authorisation_id: authorisation,
        kind: 'emergency',
        document_hash: sha256(),
        cap_fen: 9000n,
        payee_account: sha256(),
        authorised_on: '2026-12-10',
        record,
        hash,
        entry_id: id,
        ...raw.row,
      })
      .execute();
  });

/** A declaration past the shells. */
const rawDeclaration = (db: Database, raw: Raw): Promise<void> =>
  undone(db, async (tx) => {
    const of = raw.of?.() ?? world;
    const declaration = newId(of.deps.random);
    const facts = {
      declaration,
      emergencies: 'allowed',
      documentHash: toBase64Url(sha256()),
      ...raw.logged,
    };
    const signed = raw.signedAs ?? ['regulator', 'street'];
    const id = await logged(tx, of, raw.kind ?? 'emergencies.declared', facts, signed);
    await tx
      .insertInto('fund_emergency_declaration')
      .values({
        community_id: of.community,
        declaration_id: declaration,
        emergencies: 'allowed',
        document_hash: sha256(),
        entry_id: id,
        ...raw.row,
      })
      .execute();
  });

const EMERGENCIES: readonly (readonly [string, string, Raw])[] = [
  ['nothing that is in order', 'accepted', {}],
  ['one where nothing was declared', 'fund_emergency_is_allowed', { of: () => silent }],
  ['one where emergencies were barred since', 'fund_emergency_is_allowed', { of: () => barred }],
  ['one that nobody signed', 'fund_emergency_is_signed', { signedAs: [] }],
  ['one that the street office signed alone', 'fund_emergency_is_signed', { signedAs: ['street'] }],
  ['one without the street office', 'fund_emergency_is_signed', { signedAs: ['committee', 'regulator'] }],
  [
    'one whose log entry names another record',
    'fund_emergency_is_signed',
    { logged: { emergencyHash: toBase64Url(sha256()) } },
  ],
  [
    'one whose log entry names another authorisation',
    'fund_emergency_is_signed',
    { logged: { authorisation: 'a'.repeat(26) } },
  ],
  ['one behind an entry of another kind', 'fund_emergency_is_signed', { kind: 'refund.authorised' }],
  ['one with an outcome', 'fund_authorisation_basis_check', { row: { outcome: 'ADOPTED' } }],
  ['one without its report', 'fund_authorisation_basis_check', { row: { document_hash: null } }],
  ['one of nothing', 'fund_authorisation_cap_check', { row: { cap_fen: 0n } }],
  ['a hash that is not of its record', 'fund_authorisation_hash_check', { row: { record: utf8('other') } }],
  [
    'one hashed as a resolution',
    'fund_authorisation_hash_check',
    { row: { kind: 'emergency', hash: sha256() }, logged: { emergencyHash: toBase64Url(sha256()) } },
  ],
];

const DECLARATIONS: readonly (readonly [string, string, Raw])[] = [
  ['no declaration that is in order', 'accepted', {}],
  ['a declaration that nobody signed', 'fund_emergency_declaration_is_signed', { signedAs: [] }],
  [
    'a declaration without the regulator',
    'fund_emergency_declaration_is_signed',
    { signedAs: ['committee', 'street'] },
  ],
  [
    'a declaration of the regulator alone',
    'fund_emergency_declaration_is_signed',
    { signedAs: ['regulator'] },
  ],
  [
    'a declaration that says the opposite of its entry',
    'fund_emergency_declaration_is_signed',
    { logged: { emergencies: 'barred' } },
  ],
  [
    'a declaration over another document',
    'fund_emergency_declaration_is_signed',
    { row: { document_hash: new Uint8Array(32) } },
  ],
  [
    'a declaration under another id',
    'fund_emergency_declaration_is_signed',
    { logged: { declaration: 'a'.repeat(26) } },
  ],
  [
    'a declaration of a third kind',
    'fund_emergency_declaration_emergencies_check',
    { row: { emergencies: 'perhaps' }, logged: { emergencies: 'perhaps' } },
  ],
];

/** An annulment past the shells, of the standing emergency where nothing else is said. */
const rawAnnulment = (db: Database, raw: Raw & { readonly to?: () => string }): Promise<void> =>
  undone(db, async (tx) => {
    const authorisation = raw.to?.() ?? lift;
    const facts = { authorisation, documentHash: toBase64Url(sha256()), ...raw.logged };
    const signed = raw.signedAs ?? ['regulator', 'street'];
    const id = await logged(tx, world, raw.kind ?? 'emergency.annulled', facts, signed);
    await tx
      .insertInto('fund_emergency_annulment')
      .values({
        community_id: world.community,
        authorisation_id: authorisation,
        document_hash: sha256(),
        entry_id: id,
        ...raw.row,
      })
      .execute();
  });

const UNSIGNED = 'fund_emergency_annulment_is_signed';
const ANNULMENTS: readonly (readonly [string, string, Parameters<typeof rawAnnulment>[1]])[] = [
  ['no annulment that is in order', 'accepted', {}],
  ['an annulment that nobody signed', UNSIGNED, { signedAs: [] }],
  ['an annulment without the regulator', UNSIGNED, { signedAs: ['committee', 'street'] }],
  ['an annulment of the regulator alone', UNSIGNED, { signedAs: ['regulator'] }],
  ['an annulment over another document', UNSIGNED, { row: { document_hash: new Uint8Array(32) } }],
  ['an annulment of another in the log', UNSIGNED, { logged: { authorisation: 'a'.repeat(26) } }],
  ['an annulment behind a closing', UNSIGNED, { kind: 'fund.closed' }],
  ['an annulment of a resolution', 'fund_emergency_annulment_of_emergency', { to: () => roof }],
  ['a second annulment', 'fund_emergency_annulment_pk', { to: () => annulled }],
  ['an annulment of nothing', 'fund_emergency_annulment_authorisation_fk', { to: () => 'a'.repeat(26) }],
];

describe.each(['application', 'owner'] as const)('the %s is refused', (login) => {
  const db = () => (login === 'owner' ? fresh.owner : fresh.db);

  it.each(EMERGENCIES)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawEmergency(db(), raw))).toBe(constraint);
  });

  it.each(DECLARATIONS)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawDeclaration(db(), raw))).toBe(constraint);
  });

  it.each(ANNULMENTS)('%s: %s', async (_what, constraint, raw) => {
    expect(await refusedBy(() => rawAnnulment(db(), raw))).toBe(constraint);
  });

  it('a change of an annulment', async () => {
    const expected = login === 'owner' ? 'fund_emergency_annulment_900_append_only' : 'denied';
    for (const change of [
      sql`update fund_emergency_annulment set entry_id = 0`,
      sql`delete from fund_emergency_annulment`,
      sql`truncate fund_emergency_annulment`,
    ])
      expect(await refusedBy(() => change.execute(db()))).toBe(expected);
  });

  it('a declaration twice, one of another entry, and one of a community without a book', async () => {
    const row = await fresh.owner
      .selectFrom('fund_emergency_declaration')
      .selectAll()
      .where('community_id', '=', world.community)
      .executeTakeFirstOrThrow();
    const insert = (change: Partial<typeof row>) =>
      refusedBy(() =>
        db()
          .insertInto('fund_emergency_declaration')
          .values({ ...row, ...change })
          .execute(),
      );
    expect(await insert({})).toBe('fund_emergency_declaration_pk');
    // The trigger speaks before the keys do, whatever the row names.
    expect(await insert({ declaration_id: newId(world.deps.random) })).toBe(
      'fund_emergency_declaration_is_signed',
    );
    expect(await insert({ entry_id: 0n })).toBe('fund_emergency_declaration_is_signed');
    const bare = await fundWorld(fresh, { seed: `no book ${login}`, units: UNITS, capFen: 1n });
    expect(await refusedBy(() => rawDeclaration(db(), { of: () => bare }))).toBe(
      'fund_emergency_declaration_book_fk',
    );
  });

  it('a change of a declaration', async () => {
    const expected = login === 'owner' ? 'fund_emergency_declaration_900_append_only' : 'denied';
    for (const change of [
      sql`update fund_emergency_declaration set emergencies = 'allowed'`,
      sql`delete from fund_emergency_declaration`,
      sql`truncate fund_emergency_declaration`,
    ])
      expect(await refusedBy(() => change.execute(db()))).toBe(expected);
  });
});
