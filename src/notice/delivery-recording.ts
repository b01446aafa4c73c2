/** What is added to the delivery register of a meeting: an owner's first reading, and what officers handed over or had posted (SPEC 5.1). */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import { headsOf } from './delivery-register.ts';
import type { NoticeRefusal } from './refusals.ts';
import { insertDeliveries, insertReading, readingOf, unitRecordedOften } from './store/deliveries.ts';

type RecordingDeps = Pick<RegistryDeps, 'db' | 'clock' | 'random'>;

/** Who read the notice of which meeting; `noticeHash` is the hash of what he was served. */
export type Reading = {
  readonly community: string;
  readonly meeting: string;
  readonly person: string;
  readonly noticeHash: string;
};

/** When a person read the notice for the first time, which is now where he did not before. */
export async function recordReading(deps: RecordingDeps, reading: Reading): Promise<Instant> {
  const { community, meeting, person, noticeHash } = reading;
  const before = await readingOf(deps.db, community, meeting, person);
  if (before !== undefined) return Number(before.recorded_at_ms);
  await inTransaction(deps.db, (tx) =>
    insertReading(tx, {
      community_id: community,
      delivery_id: newId(deps.random),
      meeting_id: meeting,
      state: 'read',
      person_id: person,
      unit_id: null,
      officer_id: null,
      proof: present(fromBase64Url(noticeHash), 'own hash'),
      recorded_at_ms: BigInt(deps.clock()),
    }),
  );
  // Two pages of one owner may read at the same moment: the first one counts for both.
  const first = present(await readingOf(deps.db, community, meeting, person), 'it was recorded');
  return Number(first.recorded_at_ms);
}

/** What an officer did at some units; `documentHash` is of the receipts or the photograph of the posting, 32 bytes. */
export type Handover = {
  readonly state: 'handed' | 'posted';
  readonly units: readonly string[];
  readonly documentHash: Uint8Array;
};

/** How often a unit may be recorded in each state: the register must fit into its record, or the meeting could not open (SPEC 5.1). */
const TIMES = 2;

/** Records it for each unit once, in the caller's transaction; refused where one is not a unit of the meeting, or was recorded often. The caller holds the meeting's lock. */
export async function recordHandover(
  tx: Tx,
  deps: RecordingDeps,
  { community, meeting }: { readonly community: string; readonly meeting: string },
  officer: string,
  { state, units, documentHash }: Handover,
): Promise<Result<{ readonly recorded: number }, NoticeRefusal>> {
  const heads = await headsOf(tx, { community, meeting });
  const known = new Set(heads.flatMap((head) => head.units.map(({ unit }) => unit)));
  const wanted = [...new Set(units)];
  const strange = wanted.find((unit) => !known.has(unit));
  if (strange !== undefined) return refuse('DELIVERY_UNIT_UNKNOWN', strange);
  const often = await unitRecordedOften(tx, { community, meeting, state }, wanted, TIMES);
  if (often !== undefined) return refuse('DELIVERY_REPEATED', often);
  const now = BigInt(deps.clock());
  await insertDeliveries(
    tx,
    wanted.map((unit) => ({
      community_id: community,
      delivery_id: newId(deps.random),
      meeting_id: meeting,
      state,
      person_id: null,
      unit_id: unit,
      officer_id: officer,
      proof: documentHash,
      recorded_at_ms: now,
    })),
  );
  return ok({ recorded: wanted.length });
}
