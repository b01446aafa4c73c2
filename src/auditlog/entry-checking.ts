/** Whether a row of the log says the same as the bytes of its entry, which alone are in the tree (SPEC 7.1, 7.2). */
import { sameBytes } from '../base/bytes.ts';
import { entryForm } from '../record/entry.ts';
import { leafHash } from '../record/merkle.ts';
import type { NumberedEntry } from './store.ts';

/** What may be wrong about one row: its hash, its bytes, or a column that look-ups rely on. */
export type EntryFault =
  | 'LEAF_WRONG'
  | 'ENTRY_MALFORMED'
  | 'ENTRY_KIND_WRONG'
  | 'ENTRY_COMMUNITY_WRONG'
  | 'ENTRY_MEETING_WRONG';

/** The community of each meeting, as the entries that name both tell it. */
export type MeetingPlaces = Map<string, string>;

/**
 * The faults of a row. An entry that names a meeting alone has the community of that meeting in its column, which `places` tells
 * once an earlier entry has named both.
 */
export function faultsOf(row: NumberedEntry, places: MeetingPlaces): readonly EntryFault[] {
  const faults: EntryFault[] = [];
  if (!sameBytes(leafHash(row.bytes), row.leafHash)) faults.push('LEAF_WRONG');
  const parsed = entryForm.parse(row.bytes);
  if (!parsed.ok) return [...faults, 'ENTRY_MALFORMED'];
  const entry: { readonly kind: string; readonly community?: string; readonly meeting?: string } =
    parsed.value;
  if (entry.kind !== row.kind) faults.push('ENTRY_KIND_WRONG');
  if (entry.meeting !== row.meeting) faults.push('ENTRY_MEETING_WRONG');
  const { community, meeting } = entry;
  if (community !== undefined && meeting !== undefined && !places.has(meeting))
    places.set(meeting, community);
  const stated = community ?? (meeting === undefined ? undefined : (places.get(meeting) ?? row.community));
  if ((stated === '' ? undefined : stated) !== row.community) faults.push('ENTRY_COMMUNITY_WRONG');
  return faults;
}
