/** What stands at the end of each chain, from the rows of its statements, casts and papers alike (SPEC 6.7). */
import { toBase64Url } from '../base/bytes.ts';
import type { Mandate } from '../record/mandate.ts';
import type { ChainEnd } from './domain/acceptance.ts';
import { isTakenOver } from './domain/acceptance.ts';
import { chainKey, principalOf } from './domain/group-deciding.ts';
import type { StandingCast } from './store/cast-groups.ts';

/** What is no electronic cast: changes are counted from it anew (SPEC 6.7). */
const isAcross = (kind: ChainEnd['credentialKind']): boolean => kind === 'paper' || kind === 'void';

/** The ends of chains, by `chainKey`; the rows of each come in its order. */
export function chainEnds(rows: readonly StandingCast[]): ReadonlyMap<string, ChainEnd> {
  const ends = new Map<string, ChainEnd>();
  for (const row of rows) {
    const key = chainKey(row.meeting_id, row.entitlement_id);
    const former = ends.get(key);
    const principal =
      row.principal_id === null ? undefined : principalOf(row.principal_id, row.basis as Mandate['basis']);
    const credentialKind = row.channel as ChainEnd['credentialKind'];
    const isFree =
      former === undefined ||
      isAcross(former.credentialKind) ||
      isAcross(credentialKind) ||
      isTakenOver(former.principal, { person: row.person_id ?? '', principal });
    ends.set(key, {
      seq: row.seq,
      hash: toBase64Url(row.cast_hash),
      credential: row.credential_id ?? '',
      credentialKind,
      revotes: isFree ? 0 : former.revotes + 1,
      principal,
    });
  }
  return ends;
}
