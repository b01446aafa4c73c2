/** The record of an emergency: what is spent of the fund before anybody votes, on which danger, for whom and by which units (SPEC 8.3). */
import { h256Text } from '../crypto/frame.ts';
import { share } from './fund.ts';
import { scope } from './meeting.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { decimal, hash, id, label, nonce } from './shapes.ts';

/** The closed list of dangers that do not wait for a vote (165 §24; Qingyuan 53, Hangzhou 73). */
export const EMERGENCY_CATEGORIES = [
  'lift',
  'fire',
  'leak',
  'facade',
  'collapse',
  'water',
  'drains',
  'other',
] as const;
export type EmergencyCategory = (typeof EMERGENCY_CATEGORIES)[number];

const emergency = closed({
  v: exactly(1),
  kind: oneOf('emergency'),
  authorisation: id,
  community: id,
  category: oneOf(...EMERGENCY_CATEGORIES),
  /** What the danger is and why it cannot wait; everybody reads it. */
  text: text(4000),
  capFen: decimal,
  payee: label,
  payeeAccount: hash,
  purpose: text(500),
  /** SHA-256 of the report of the danger. */
  reportHash: hash,
  /** SHA-256 of the quotation. */
  quotationHash: hash,
  /** The register whose areas the shares follow. */
  register: id,
  /** Units that bear the cost. */
  units: scope,
  shares: list(share, 20_000, 1),
  nonce,
});

export type Emergency = Of<typeof emergency>;

/**
 * Whether the scope that people read is the one that pays, as far as the record shows it: single units are the units of the shares, and
 * the whole community names none; members stand sorted and once.
 */
export function scopeIsBorne({
  units: { kind, members },
  shares,
}: Pick<Emergency, 'units' | 'shares'>): boolean {
  const wanted = kind === 'units' ? shares.map(({ unit }) => unit) : members;
  const sorted = [...new Set(wanted)].sort();
  if ((kind === 'community') !== (members.length === 0)) return false;
  return members.length === sorted.length && members.every((member, at) => member === sorted[at]);
}
export const emergencyForm = recordForm(emergency, 'emergency', 16 * 1024 * 1024);
/** `H256("emergency", bytes)`. */
export const emergencyHash = (bytes: Uint8Array): string => h256Text('emergency', bytes);
