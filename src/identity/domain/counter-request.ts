/** A key that waits at the counter: how long, under which digits, and what its phone is told (SPEC 3.4). */
import type { Instant } from '../../base/instant.ts';
import type { Binding } from '../../record/binding.ts';

/** How long a key waits, unbound, for both officers. */
export const COUNTER_LIFE_MS = 30 * 60_000;

const CODE_SPACE = 100_000_000;

/** Eight digits, from 8 random bytes so that no digits are likelier than others. */
export function counterCode(random: Uint8Array): string {
  const drawn = new DataView(random.buffer, random.byteOffset, 8).getBigUint64(0);
  return (drawn % BigInt(CODE_SPACE)).toString().padStart(8, '0');
}

/** A key as its page offers it: what a binding names of it. */
export type OfferedKey = Pick<
  Binding,
  'credential' | 'credentialKind' | 'alg' | 'publicKey' | 'webauthnId' | 'nonce'
>;

/** What a phone is told: nobody came yet; compare and sign; officers sign; it votes; it does not. */
export type CounterState = 'waiting' | 'claimed' | 'shown' | 'bound' | 'ended';

/** The state of a request by the rows that there are. */
export function counterState(
  request: {
    readonly isClaimed: boolean;
    readonly actState: string | undefined;
    readonly expiresAt: Instant;
  },
  now: Instant,
): CounterState {
  if (request.actState === 'done') return 'bound';
  const isRefused = request.actState === 'refused' || request.actState === 'withdrawn';
  if (isRefused || request.expiresAt <= now) return 'ended';
  if (request.actState !== undefined) return 'shown';
  return request.isClaimed ? 'claimed' : 'waiting';
}

/** Names as people type them at a counter: spaces and widths do not tell them apart. */
export const sameText = (a: string, b: string): boolean => folded(a) === folded(b);

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .toUpperCase();
