/** Which entries of the shared log concern the meeting of a bundle (SPEC 6.8, 7.2). */
import type { Entry, EntryKind, EntryOf } from '../record/entry.ts';
import type { BundledLog } from './bundled-log.ts';

/** Kinds that move votes; all others are controls (SPEC 6.8). */
const VOTE_KINDS: readonly EntryKind[] = ['cast.accepted', 'paper.accepted', 'cast.voided', 'cast.restored'];

export const meetingOf = (entry: Entry): string => ('meeting' in entry ? entry.meeting : '');
export const communityOf = (entry: Entry): string => ('community' in entry ? entry.community : '');

/** A vote entry, of whichever meeting. */
export const isVote = (entry: Entry): boolean => VOTE_KINDS.includes(entry.kind);

/** An entry whose evidence are an owner's signatures, which stand beside his statement; no officer acts. */
export const isByOwner = (entry: Entry): boolean =>
  entry.kind === 'cast.accepted' ||
  entry.kind === 'voting.frozen' ||
  entry.kind === 'requisition.supported' ||
  ('signedBy' in entry && entry.signedBy === 'owner');

/** A control of the community: its own entries and those of the whole deployment, votes excepted. */
export const isControl = (entry: Entry, community: string): boolean =>
  !isVote(entry) && ['', community].includes(communityOf(entry));

/** An entry that the bundle must explain: of the meeting itself, of its community, or of the deployment. */
export function isOurs(entry: Entry, community: string, meeting: string): boolean {
  const named = meetingOf(entry);
  if (named !== '') return named === meeting;
  return isControl(entry, community);
}

/** An entry of one kind at its place. */
export type Placed<K extends EntryKind> = {
  readonly index: number;
  readonly entry: EntryOf<K>;
  readonly leaf: Uint8Array;
};

/** The entries of a kind that concern the meeting or its community, in index order. */
export function entriesOf<K extends EntryKind>(
  log: BundledLog,
  kind: K,
  filter: { readonly community?: string; readonly meeting?: string },
): readonly Placed<K>[] {
  const found: Placed<K>[] = [];
  for (const { index, entry, leaf } of log.entries) {
    if (entry === undefined || entry.kind !== kind) continue;
    if (filter.meeting !== undefined && meetingOf(entry) !== filter.meeting) continue;
    if (filter.community !== undefined && communityOf(entry) !== filter.community) continue;
    found.push({ index, entry: entry as unknown as EntryOf<K>, leaf });
  }
  return found;
}

/** The casts of a meeting in index order: those that were accepted, and those that were promised, lost and restored (SPEC 6.12). */
export const castsOf = (
  log: BundledLog,
  meeting: string,
): readonly Placed<'cast.accepted' | 'cast.restored'>[] =>
  [...entriesOf(log, 'cast.accepted', { meeting }), ...entriesOf(log, 'cast.restored', { meeting })].sort(
    (a, b) => a.index - b.index,
  );
