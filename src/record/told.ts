/** What announcements say and to whom, and what whoever derives them remembers of the log (SPEC 3.7). */
import type { RollLeaf } from './roll.ts';

/** What is told to a person; a later kind of entry adds its own. */
export const EVENTS = [
  'letter-issued',
  'letter-replaced',
  'letter-revoked',
  'key-bound',
  'key-revoked',
  'cast-first',
  'cast-changed',
  'paper-recorded',
  'vote-voided',
  'mandate-granted',
  'mandate-revoked',
  'roll-corrected',
  'voting-frozen',
  'voting-unfrozen',
  'designation-recorded',
  'persons-merged',
  'persons-separated',
  'meeting-noticed',
  'vote-reminder',
  'top-up-called',
  'top-up-withdrawn',
  'top-up-annulled',
  'email-confirmed',
  'email-changed',
  'email-removed',
] as const;
export type NoticeEvent = (typeof EVENTS)[number];

/** Whom an entry concerns; `units` is filled where the entry is about an entitlement, and then names its units. */
export type Told = {
  readonly person: string;
  readonly identity: string;
  readonly event: NoticeEvent;
  readonly units: RollLeaf['units'];
};

/** What whoever follows the log remembers of its earlier entries; without it only an entry's own hashes can be compared. */
export type Memory = {
  /** Identity of each letter's person, by letter. */
  readonly letters: Map<string, string>;
  /** Identity of each bound key's person, by the hash that the log names. */
  readonly bound: Map<string, string>;
  /** Whose each identity is, by letters and bindings. */
  readonly persons: Map<string, string>;
  /** Root and size of frozen rolls, by meeting. */
  readonly rolls: Map<string, { readonly root: string; readonly size: number }>;
  /** Leaf hash of corrected entitlements. */
  readonly corrected: Map<string, string>;
};

/** The private bytes behind an entry, as lines. */
export type Lines = readonly Uint8Array[];

export const told = (
  event: NoticeEvent,
  { person, identity }: { readonly person: string; readonly identity: string },
  units: RollLeaf['units'] = [],
): Told => ({ person, identity, event, units });
