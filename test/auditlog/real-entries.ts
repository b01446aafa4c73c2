// Well-formed entries of one meeting, made quickly and easy to tell apart, and the roots over them.
import { entryBytes } from '../../src/auditlog/entry-writing.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { appending } from '../../src/auditlog/logbook.ts';
import { publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import type { Database } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';

export const COMMUNITY = 'c'.repeat(25).concat('a');
export const MEETING = 'm'.repeat(25).concat('a');
const HASH = Buffer.alloc(32, 5).toString('base64url');

/** Entry 0 names the meeting's community, every later one is a cast of that meeting; `branch` makes another history. */
const entryAt = (i: number, branch: number): UnsignedEntry =>
  i === 0
    ? { v: 1, kind: 'meeting.opened', community: COMMUNITY, meeting: MEETING, meetingHash: HASH }
    : {
        v: 1,
        kind: 'cast.accepted',
        meeting: MEETING,
        entitlement: MEETING,
        seq: 1 + (i % 1000),
        castHash: Buffer.alloc(32, branch).fill(String(i), 0, 8).toString('base64url'),
      };

const bytesAt = (i: number, branch: number): Uint8Array => entryBytes(entryAt(i, branch), []);
const range = (from: number, below: number): number[] =>
  Array.from({ length: below - from }, (_, i) => from + i);

/** Appends the entries of a range in one transaction. */
export const appendReal = async (db: Database, from: number, below: number, branch = 0): Promise<void> => {
  const entries = range(from, below).map((i) => ({
    bytes: bytesAt(i, branch),
    kind: entryAt(i, branch).kind,
    community: COMMUNITY,
    meeting: MEETING,
  }));
  await inTransaction(db, (tx) => appending(entries).execute(tx));
};

const leaves = new Map<number, Uint8Array[]>();
const roots = new Map<string, Uint8Array>();

/** The root of the first `size` of these entries, by another way than tiles; each is computed once. */
export function realRoot(size: number, branch = 0): Uint8Array {
  const key = `${branch}/${size}`;
  const known = roots.get(key);
  if (known !== undefined) return known;
  const hashes = leaves.get(branch) ?? [];
  leaves.set(branch, hashes);
  for (let i = hashes.length; i < size; i += 1) hashes.push(leafHash(bytesAt(i, branch)));
  const root = rootOfHashes(hashes.slice(0, size));
  roots.set(key, root);
  return root;
}

/** Appends, numbers and publishes; throws where the publisher refuses. */
export async function growReal(deps: LogDeps, from: number, below: number, branch = 0): Promise<void> {
  await appendReal(deps.db, from, below, branch);
  await sequenceAll(deps);
  const published = await publishOnce(deps);
  if (!published.ok) throw new Error(published.refusal.code);
}
