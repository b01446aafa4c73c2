/** What is shown of requisitions: to owners all of their community, to officers and to the public those that reached their fifth (SPEC 5.4). */
import { assert } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { OwnerSession } from '../identity/domain/owner-session.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { entryForm } from '../record/entry.ts';
import type { Answerer } from '../record/requisition.ts';
import { requisitionAnswerForm, requisitionForm } from '../record/requisition.ts';
import { registryUnits } from '../registry/units.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { sumsOfHeads, weighedHeads } from './domain/requisition-counting.ts';
import { isOverdue, waitingFor } from './requisition-answers.ts';
import type { OwnRequisitions, ShownRequisition } from './requisition-contract.ts';
import type { RequisitionRow } from './store/requisitions.ts';
import {
  reachedOf,
  reachedRequisitions,
  requisitionsSeenBy,
  standingSupports,
} from './store/requisitions.ts';

/** So many an owner and an officer see. */
const MOST_SHOWN = 100;
/** So many the first page shows, of all communities. */
const MOST_PUBLIC = 20;

const shownAt = (atMs: bigint | null): string => (atMs === null ? '' : showInstant(Number(atMs)));

/** An answer, with empty members while there is none. */
function answerOf(answer: Uint8Array | null, atMs: bigint | null) {
  const given = answer === null ? undefined : requisitionAnswerForm.own(answer);
  return {
    answer: given?.answer ?? ('' as const),
    meeting: given?.meeting ?? '',
    reason: given?.reason ?? '',
    answeredAt: shownAt(atMs),
  };
}

type Counted = Pick<ShownRequisition, 'heads' | 'areaDm2' | 'totalHeads' | 'totalAreaDm2'>;

type Counter = {
  readonly joined: (requisition: string) => ReadonlySet<string>;
  readonly count: (requisition: string) => Counted;
};

/** Counts any requisition of a community as it stands now; the heads are drawn up once, however many requisitions there are. */
async function counterOf(db: Database, community: string): Promise<Counter> {
  const heads = weighedHeads(await registryUnits(db, community));
  const standing = new Map<string, Set<string>>();
  for (const { requisition_id, person_id } of await standingSupports(db, community)) {
    const known = standing.get(requisition_id);
    if (known === undefined) standing.set(requisition_id, new Set([person_id]));
    else known.add(person_id);
  }
  const joined = (requisition: string): ReadonlySet<string> => standing.get(requisition) ?? new Set();
  const count = (requisition: string): Counted => {
    const sums = sumsOfHeads(heads, joined(requisition));
    return { ...sums, areaDm2: String(sums.areaDm2), totalAreaDm2: String(sums.totalAreaDm2) };
  };
  return { joined, count };
}

const shownOf = (row: RequisitionRow, counted: Counted, now: number): ShownRequisition => ({
  requisition: row.requisition_id,
  record: toBase64Url(row.record),
  filedAt: shownAt(row.filed_at_ms),
  reachedAt: shownAt(row.reached_at_ms),
  waitsFor: waitingFor(row),
  isOverdue: isOverdue(row, now),
  ...counted,
  ...answerOf(row.answer, row.answered_at_ms),
  answeredBy: (row.answered_by as Answerer | null) ?? '',
  street: answerOf(row.street_answer, row.street_answered_at_ms),
});

/** All requisitions of the owner's community, with where he stands. */
export async function requisitionsOfOwner(
  { db, clock }: AssemblyDeps,
  { community, person }: OwnerSession,
): Promise<OwnRequisitions> {
  const rows = await requisitionsSeenBy(db, community, person, MOST_SHOWN);
  if (rows.length === 0) return { requisitions: [] };
  const { joined, count } = await counterOf(db, community);
  return {
    requisitions: rows.map((row) => ({
      ...shownOf(row, count(row.requisition_id), clock()),
      isJoined: joined(row.requisition_id).has(person),
    })),
  };
}

const READERS: readonly string[] = ['committee', 'street', 'regulator'];

/** Those of a community that officers must look at. */
export async function requisitionsForOfficer(
  { db, clock }: AssemblyDeps,
  officer: OfficerSession,
  community: string,
): Promise<Result<readonly ShownRequisition[], Refusal<'NOT_ALLOWED'>>> {
  if (!actsIn(officer, community) || !READERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const rows = await reachedOf(db, community, MOST_SHOWN);
  if (rows.length === 0) return ok([]);
  const { count } = await counterOf(db, community);
  return ok(rows.map((row) => shownOf(row, count(row.requisition_id), clock())));
}

/** What anybody may read of one: the count is the one that the log has. */
export type PublicRequisition = Omit<ShownRequisition, 'record'> & {
  readonly community: string;
  readonly communityName: string;
  readonly title: string;
  readonly text: string;
};

/** Those that reached their fifth, the newest first: all of a community, or some of all where none is named. */
export async function publicRequisitions(
  { db, clock }: Pick<AssemblyDeps, 'db' | 'clock'>,
  community?: string,
): Promise<readonly PublicRequisition[]> {
  const wanted = community === undefined ? { most: MOST_PUBLIC } : { community };
  return (await reachedRequisitions(db, wanted)).map((row) => {
    const { title, text } = requisitionForm.own(row.record);
    const entry = entryForm.own(row.reached_entry);
    assert(entry.kind === 'requisition.reached', 'the entry that it was reached by');
    const { heads, areaDm2, totalHeads, totalAreaDm2 } = entry;
    const { record: _, ...shown } = shownOf(row, { heads, areaDm2, totalHeads, totalAreaDm2 }, clock());
    return { ...shown, community: row.community_id, communityName: row.community_name, title, text };
  });
}
