/** Which room explains which kind of entry: the way up from `notice`, which knows none of them (SPEC 3.7, DESIGN §4). */
import type { Database } from '../db/connect.ts';
import { explainAnnulledCall, explainCall } from '../fund/calls.ts';
import { explainIdentity } from '../identity/explaining.ts';
import type { CallEntry } from '../notice/notice-deps.ts';
import type { AnnouncedEntry } from '../record/explanation.ts';
import { explainCast, explainCorrection } from '../registry/explaining.ts';

/** The bytes behind an announced entry of a community. */
export function explainEntry(
  db: Database,
  community: string,
  entry: AnnouncedEntry | CallEntry,
  row: { readonly entryId: bigint },
): Promise<readonly Uint8Array[]> {
  switch (entry.kind) {
    case 'cast.accepted':
    case 'cast.restored':
    case 'paper.accepted':
    case 'cast.voided':
      return explainCast(db, community, entry, row.entryId);
    case 'roll.corrected':
      return explainCorrection(db, entry, row.entryId);
    case 'topup.called':
    case 'topup.withdrawn':
      return explainCall(db, entry);
    case 'resolution.annulled':
      return explainAnnulledCall(db, entry, row.entryId);
    default:
      return explainIdentity(db, entry, row.entryId);
  }
}
