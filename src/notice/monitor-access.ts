/**
 * A monitor that runs apart from the service asks what entries mean with an access that an officer of the street office or the regulator
 * draws after a fresh signature of his key (the route asks for it). It reads explanations of one community and nothing else, ends by itself, and can be ended (SPEC 3.7).
 */
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import { inTransaction } from '../db/transaction.ts';
import { actsIn } from '../officers/domain/session.ts';
import { isInForce } from '../officers/signers.ts';
import { officerById } from '../officers/store.ts';
import { entryForm } from '../record/entry.ts';
import { isAnnounced } from '../record/explanation.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { NoticeDeps } from './notice-deps.ts';
import type { NoticeRefusal } from './refusals.ts';
import type { AccessRow } from './store/accesses.ts';
import { accessByToken, accessesOf, countExplained, endAccess, insertAccess } from './store/accesses.ts';
import { entryAt } from './store/outbox.ts';

/** A quarter: long enough for a vote from its notice to the end of objections, short enough that a forgotten file goes stale. */
export const ACCESS_LIFE_MS = 90 * 86_400_000;
const MOST_IN_FORCE = 5;
const MOST_LISTED = 100;

/** The offices that supervise: they may see whom an entry concerns, never what was chosen. */
export const maySupervise = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'street' || officer.role === 'regulator') && actsIn(officer, community);

const holds = (row: AccessRow, now: Instant): boolean =>
  row.ended_at_ms === null && now >= Number(row.drawn_at_ms) - 60_000 && now < Number(row.expires_at_ms);

export type DrawnAccess = {
  readonly access: string;
  readonly token: Uint8Array;
  readonly expiresAt: Instant;
};

/** Draws an access; the token is shown once and kept as its hash. */
export async function drawAccess(
  deps: NoticeDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<DrawnAccess, NoticeRefusal>> {
  if (!maySupervise(officer, community)) return refuse('NOT_ALLOWED');
  const now = deps.clock();
  return inTransaction(deps.db, async (tx) => {
    if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
    const inForce = (await accessesOf(tx, community, MOST_LISTED)).filter((row) => holds(row, now));
    if (inForce.length >= MOST_IN_FORCE) return refuse('MONITOR_ACCESS_TOO_MANY');
    const token = deps.random(32);
    const drawn = { access: newId(deps.random), token, expiresAt: now + ACCESS_LIFE_MS };
    await insertAccess(tx, {
      community_id: community,
      access_id: drawn.access,
      officer_id: officer.officer,
      token_hash: sha256(token),
      drawn_at_ms: now,
      expires_at_ms: drawn.expiresAt,
    });
    return ok(drawn);
  });
}

/** Ends an access; any officer who could draw one may. */
export async function stopAccess(
  deps: NoticeDeps,
  officer: ActingOfficer,
  { community, access }: { readonly community: string; readonly access: string },
): Promise<Result<undefined, NoticeRefusal>> {
  if (!maySupervise(officer, community)) return refuse('NOT_ALLOWED');
  const wanted = { community, access, officer: officer.officer };
  return (await endAccess(deps.db, wanted, deps.clock())) ? ok(undefined) : refuse('MONITOR_ACCESS_UNKNOWN');
}

export type ListedAccess = {
  readonly access: string;
  readonly officer: string;
  readonly drawnAt: Instant;
  readonly expiresAt: Instant;
  readonly isInForce: boolean;
  readonly explained: number;
  readonly usedAt: Instant | undefined;
};

/** Who drew which access, and how much it was used; the latest first. */
export async function listAccesses(
  deps: NoticeDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly ListedAccess[], NoticeRefusal>> {
  if (!maySupervise(officer, community)) return refuse('NOT_ALLOWED');
  const now = deps.clock();
  const rows = await accessesOf(deps.db, community, MOST_LISTED);
  return ok(
    rows.map((row) => ({
      access: row.access_id,
      officer: row.officer_id,
      drawnAt: Number(row.drawn_at_ms),
      expiresAt: Number(row.expires_at_ms),
      isInForce: holds(row, now),
      explained: Number(row.explained),
      usedAt: row.used_at_ms === null ? undefined : Number(row.used_at_ms),
    })),
  );
}

/** Lines of one answer, and how many bytes they may have together; a line alone may be larger. */
const MOST_LINES = 500;
const MOST_BYTES = 4 * 1024 * 1024;

/** A part of an entry's lines from `from` on; `next` is where the next part begins, or undefined after the last. */
export type ExplanationPart = { readonly lines: readonly Uint8Array[]; readonly next: number | undefined };

function partOf(lines: readonly Uint8Array[], from: number): ExplanationPart {
  let [at, bytes] = [from, 0];
  while (at < lines.length && at - from < MOST_LINES) {
    bytes += lines[at]?.length ?? 0;
    if (at > from && bytes > MOST_BYTES) break;
    at += 1;
  }
  return { lines: lines.slice(from, at), next: at < lines.length ? at : undefined };
}

/** What an entry means, for whoever has an access; an access ends with the office of the officer who drew it. */
export async function explainForMonitor(
  deps: NoticeDeps,
  asked: { readonly token: Uint8Array; readonly index: number; readonly from: number },
): Promise<Result<ExplanationPart, NoticeRefusal>> {
  const row = await accessByToken(deps.db, sha256(asked.token));
  const now = deps.clock();
  if (row === undefined || !holds(row, now)) return refuse('MONITOR_ACCESS_REFUSED');
  const officer = await officerById(deps.db, row.officer_id);
  if (officer === undefined || !isInForce(officer, now)) return refuse('MONITOR_ACCESS_REFUSED');
  const found = await entryAt(deps.db, row.community_id, asked.index);
  const entry = found === undefined ? undefined : entryForm.own(found.data);
  if (found === undefined || entry === undefined || !isAnnounced(entry)) return refuse('ENTRY_NOT_EXPLAINED');
  const lines = await deps.explain(deps.db, row.community_id, entry, { entryId: found.id });
  if (lines.length === 0) return refuse('ENTRY_NOT_EXPLAINED');
  if (asked.from === 0) await countExplained(deps.db, row, now);
  return ok(partOf(lines, asked.from));
}
