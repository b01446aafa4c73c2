// A community with units, a meeting whose resolution about the fund is final, and two officers with keys: what stands in the
// database when the fund begins. Signatures are real; the meeting and the register are rows that the floors below would write.

import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { present } from '../../src/base/assert.ts';
import { compareText, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { ok } from '../../src/base/result.ts';
import { atRestKeys } from '../../src/crypto/at-rest.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { openedAccountHash } from '../../src/fund/account-opening.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import type { SealingDeps } from '../../src/fund/fund-deps.ts';
import { openBalances } from '../../src/fund/opening.ts';
import { applyOrder } from '../../src/fund/ordering.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import type { SignedAct } from '../../src/officers/acts.ts';
import { enterAct, readAct, refuseAct, signAct, takeSignedAct } from '../../src/officers/acts.ts';
import type { OfficerDeps } from '../../src/officers/officer-deps.ts';
import { actionForm, actionHash } from '../../src/record/action.ts';
import type { Definition } from '../../src/record/meeting.ts';
import { definitionForm, MOTION_OPTIONS } from '../../src/record/meeting.ts';
import { EMPTY_ROOT } from '../../src/record/merkle.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { fixedClock, TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

export type UnitFacts = {
  readonly building: string;
  readonly stair?: string;
  readonly room: string;
  readonly areaDm2: bigint;
  /** Not sold yet: the developer's. */
  readonly unsold?: boolean;
};
export type PlacedUnit = Required<UnitFacts> & { readonly unit: string };

export type WorldOptions = {
  readonly seed: string;
  readonly units: readonly UnitFacts[];
  readonly capFen: bigint;
  readonly outcome?: string;
  readonly classes?: Definition['proposals'][number]['classes'];
  /** Whom the proposals concern, by the ids of the units; the whole community unless said otherwise. */
  readonly scope?: (units: readonly string[]) => Definition['proposals'][number]['scope'];
  /** How many proposals of this cap the meeting decided; one unless said otherwise. */
  readonly proposals?: number;
};

type Officer = {
  readonly officer: string;
  readonly role: 'committee' | 'street' | 'regulator';
  readonly seed: Uint8Array;
};

const HASH = toBase64Url(sha256());
export const PAYEE_OPENING = { salt: toBase64Url(new Uint8Array(16)), number: '44200001234567890071' };
export const PAYEE_ACCOUNT = openedAccountHash(PAYEE_OPENING);

function definitionOf(
  ids: {
    readonly community: string;
    readonly meeting: string;
    readonly proposals: readonly string[];
    readonly units: readonly string[];
  },
  { capFen, classes = ['M5'], scope: scopeOf }: WorldOptions,
): Definition {
  const scope = scopeOf?.(ids.units) ?? { kind: 'community' as const, members: [] };
  return {
    v: 1,
    kind: 'meeting',
    suite: 'INT-1',
    meeting: ids.meeting,
    community: ids.community,
    communityName: '翠湖花园',
    convener: '翠湖花园业主委员会',
    convenerRole: 'committee',
    title: '2026年第二次业主大会',
    profile: {
      id: 'CN-2021',
      version: 1,
      hash: HASH,
      parameters: [{ name: 'countSpecialSpaces', value: 'false' }],
      rulesHash: '',
    },
    notice: { textHash: HASH, publishedOn: '2026-10-01', questionsHash: '' },
    window: { opens: '2026-11-01T00:00:00Z', closes: '2026-11-11T00:00:00Z' },
    proposals: ids.proposals.map((proposal) => ({
      proposal,
      title: '使用维修资金翻修屋面防水',
      textHash: HASH,
      classes,
      basis: '',
      scope,
      mode: 'open',
      form: 'motion',
      options: [...MOTION_OPTIONS],
      seats: 0,
      min: 1,
      max: 1,
      sealLength: 512,
      fund: [
        {
          capFen: String(capFen),
          payee: '中山某某防水工程有限公司',
          payeeAccount: PAYEE_ACCOUNT,
          purpose: '屋面防水翻修',
          units: scope,
        },
      ],
    })),
    rollRoot: HASH,
    rollSize: 1,
    origin: 'vote.example',
    rpId: 'vote.example',
    origins: ['https://vote.example'],
    keys: { ballot: HASH, ack: HASH, certificate: HASH },
    logVkey: 'vote.example/log+00000000+A',
    witnesses: [],
    quorum: 0,
    boxKey: HASH,
    boxHolder: 'server',
    demoRoot: true,
  };
}

const leafOf = (meeting: string, entitlement: string, unit: PlacedUnit): RollLeaf => ({
  v: 1,
  kind: 'roll',
  meeting,
  entitlement,
  basis: unit.unsold ? 'developer-stock' : 'owner-set',
  units: [
    {
      unit: unit.unit,
      building: unit.building,
      stair: unit.stair,
      room: unit.room,
      kind: 'dwelling',
      areaDm2: String(unit.areaDm2),
      areaSource: 'register',
    },
  ],
  holders: HASH,
  voter: HASH,
});

async function writeRegister(
  owner: Database,
  community: string,
  register: string,
  units: readonly PlacedUnit[],
): Promise<void> {
  const now = BigInt(TEST_NOW);
  await owner
    .insertInto('community')
    .values({ community_id: community, name: '翠湖花园', register_id: null, created_at_ms: now })
    .execute();
  await owner
    .insertInto('register')
    .values({
      community_id: community,
      register_id: register,
      file_hash: sha256(),
      file_salt: new Uint8Array(16),
      settings: '{}',
      draft: null,
      file: null,
      drafted_by: 'test',
      drafted_at_ms: now,
      entry_id: null,
    })
    .execute();
  await owner
    .updateTable('community')
    .set({ register_id: register })
    .where('community_id', '=', community)
    .execute();
  await owner
    .insertInto('unit')
    .values(
      units.map(({ unit, building, stair, room, areaDm2, unsold }) => ({
        community_id: community,
        unit_id: unit,
        unit_key: JSON.stringify([building, stair, room]),
        building,
        stair,
        room,
        kind: 'dwelling',
        state: unsold ? 'unsold' : 'delivered',
        area_dm2: areaDm2,
        area_source: 'register',
        since_on: null,
        register_id: register,
      })),
    )
    .execute();
}

/** The meeting and its final resolution; answers the row of the entry `tally.final`. */
async function writeResolution(
  deps: OfficerDeps,
  owner: Database,
  definition: Definition,
  options: WorldOptions,
) {
  const { community, meeting } = definition;
  await owner
    .insertInto('meeting')
    .values({
      community_id: community,
      meeting_id: meeting,
      title: definition.title,
      state: 'final',
      definition: definitionForm.bytes(definition),
      meeting_hash: deps.random(32),
      opens_at_ms: 1n,
      closes_at_ms: 2n,
      objection_until_ms: 3n,
      drafted_by: 'test',
      created_at_ms: 1n,
    })
    .execute();
  const none = { size: 0, count: 0, root: HASH };
  await inTransaction(deps.db, async (tx) => {
    const { entryId } = await writeEntry(
      tx,
      {
        v: 1,
        kind: 'tally.final',
        community,
        meeting,
        recordHash: HASH,
        votes: none,
        controls: none,
        inputsHash: HASH,
      },
      [],
    );
    for (const { proposal } of definition.proposals) {
      const outcome = options.outcome ?? 'ADOPTED';
      await tx
        .insertInto('resolution')
        .values({
          community_id: community,
          meeting_id: meeting,
          proposal_id: proposal,
          outcome,
          cap_fen: options.capFen,
          entry_id: entryId,
        })
        .execute();
    }
  });
}

async function writeOfficer(
  deps: OfficerDeps,
  owner: Database,
  community: string,
  role: Officer['role'],
): Promise<Officer> {
  const officer = { officer: newId(deps.random), role, seed: deps.random(32) };
  await owner
    .insertInto('officer')
    .values({
      officer_id: officer.officer,
      community_id: community,
      role,
      name: role,
      identity: deps.random(32),
      until_on: '2030-01-01',
      appointed_entry_id: 0n,
      removed_entry_id: null,
    })
    .execute();
  await owner
    .insertInto('officer_key')
    .values({
      credential_id: newId(deps.random),
      officer_id: officer.officer,
      alg: 'Ed25519',
      public_key: publicKeyOf(officer.seed),
      webauthn_id: new Uint8Array(),
    })
    .execute();
  return officer;
}

/** Makes the world of one community; many may stand in one database. Units come back in the order of `options.units`. */
export async function fundWorld(fresh: FreshDatabase, options: WorldOptions) {
  const random = seededRandom(options.seed);
  const time = fixedClock();
  const deps: SealingDeps = {
    atRest: atRestKeys([new Uint8Array(32).fill(6)], new Uint8Array(32).fill(7)),
    db: fresh.db,
    clock: time.clock,
    random,
    rpId: 'vote.example',
    origins: ['https://vote.example'],
  };
  const [community, register, meeting] = [newId(random), newId(random), newId(random)];
  const proposals = Array.from({ length: options.proposals ?? 1 }, () => newId(random));
  // Ids in the order of the list, so that "the lower unit id" is the earlier unit.
  const ids = options.units.map(() => newId(random)).sort(compareText);
  const units = options.units.map((unit, at) => ({
    stair: '',
    unsold: false,
    ...unit,
    unit: present(ids[at], 'one id a unit'),
  }));
  await writeRegister(fresh.owner, community, register, units);
  const definition = definitionOf({ community, meeting, proposals, units: ids }, options);
  await writeResolution(deps, fresh.owner, definition, options);
  const officers = [
    await writeOfficer(deps, fresh.owner, community, 'committee'),
    await writeOfficer(deps, fresh.owner, community, 'street'),
  ];
  const regulator = await writeOfficer(deps, fresh.owner, community, 'regulator');
  const leaves = units.map((unit) => leafOf(meeting, newId(random), unit));
  const proposal = present(proposals[0], 'at least one proposal');
  return { fresh, deps, time, community, meeting, proposal, units, definition, leaves, officers, regulator };
}

export type FundWorld = Awaited<ReturnType<typeof fundWorld>>;

/** The value of a result; a refusal fails the test with its code. */
export function accepted<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** The code of a refused result; an accepted one fails the test. */
export function codeOf(result: Result<unknown, Refusal>): string {
  if (result.ok) throw new Error('accepted, where a refusal was expected');
  return result.refusal.code;
}

/** Opening balances in fen, in the order of the units; zero leaves a unit out. */
export const deposit = (world: FundWorld, amounts: readonly bigint[], reference = '原系统对账单 2026-11') =>
  openBalances(world.deps, {
    community: world.community,
    statement: { reference, asOn: '2026-11-30' },
    bank: { name: '建行', lastDigits: '0071' },
    balances: world.units.flatMap(({ unit }, at) => {
      const amountFen = amounts[at] ?? 0n;
      return amountFen === 0n ? [] : [{ unit, amountFen }];
    }),
  });

/** The one authorisation of the world's meeting. */
export async function authorise(world: FundWorld): Promise<string> {
  const { authorisations } = await authoriseResolutions(world.deps, world);
  return present(authorisations[0], 'one authorisation');
}

/** Signs an act as these officers. */
export async function signAs(world: FundWorld, act: string, officers: readonly Officer[]): Promise<void> {
  const { act: row } = present(await readAct(world.deps, act), 'the act');
  for (const { officer, role, seed } of officers) {
    const bytes = actionForm.bytes({
      v: 1,
      kind: 'action',
      action: row.kind,
      subject: toBase64Url(row.subject),
      community: world.community,
      meeting: row.meeting_id ?? '',
      officer,
      role,
      size: 0,
      root: toBase64Url(EMPTY_ROOT),
      expires: showInstant(world.deps.clock() + 3_600_000),
      nonce: toBase64Url(world.deps.random(16)),
    });
    const signature = toBase64Url(sign(seed, actionHash(bytes)));
    accepted(await signAct(world.deps, act, bytes, { alg: 'Ed25519', signature }));
  }
}

class Undo extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Executes a signed act as the job does: locks, entry and payment in one transaction, a refusal undoes all. */
export async function execute(
  world: FundWorld,
  act: string,
  apply: (
    tx: Tx,
    deps: OfficerDeps,
    act: SignedAct,
    entryId: bigint,
  ) => Promise<Result<undefined, Refusal>> = applyOrder,
  locks?: (tx: Tx, act: SignedAct) => Promise<void>,
): Promise<Result<undefined, Refusal>> {
  try {
    await inTransaction(world.deps.db, async (tx) => {
      const signed = present(await takeSignedAct(tx, act), 'a signed act');
      await locks?.(tx, signed);
      const entryId = await enterAct(tx, world.deps, signed);
      const applied = await apply(tx, world.deps, signed, entryId);
      if (!applied.ok) throw new Undo(applied.refusal);
    });
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    await refuseAct(world.deps, act, error.refusal.code);
    return { ok: false, refusal: error.refusal };
  }
}

let keys = 0;
/** Drafts a payment under a fresh key. */
export const draft = (
  world: FundWorld,
  authorisation: string,
  amountFen: bigint,
  payeeAccount = PAYEE_ACCOUNT,
) => {
  keys += 1;
  return draftPayment(
    world.deps,
    {
      community: world.community,
      authorisation,
      amountFen,
      payeeAccount,
      reference: '拨付单',
      key: `draft-${keys}`,
    },
    'test',
  );
};

/** Drafts, signs by both officers, and executes a payment. */
export async function pay(world: FundWorld, authorisation: string, amountFen: bigint): Promise<void> {
  const { act } = accepted(await draft(world, authorisation, amountFen));
  await signAs(world, act, world.officers);
  accepted(await execute(world, act));
}

/** A document's hash that is told apart by its number. */
export const acceptance = (n: number): string => toBase64Url(sha256(Uint8Array.of(n)));

/** Stored balances of a world's accounts of one kind, by unit in the order of the units, or in sum. */
export async function balancesOf(world: FundWorld, kind: string): Promise<readonly bigint[]> {
  const rows = await world.fresh.db
    .selectFrom('fund_account')
    .select(['unit_id', 'balance_fen'])
    .where('community_id', '=', world.community)
    .where('kind', '=', kind)
    .execute();
  return world.units.map(({ unit }) =>
    rows.filter((row) => row.unit_id === unit).reduce((sum, row) => sum + row.balance_fen, 0n),
  );
}
