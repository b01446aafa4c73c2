/** From the published trust file to what a log proof is checked against (SPEC 6.0, 7.4). */
import type { LogTrust } from '../../record/proof.ts';
import type { BuiltInTrust } from './api.ts';

/** A verifier key begins with its name. */
const nameOf = (vkey: string): string => vkey.slice(0, Math.max(0, vkey.indexOf('+')));

/** The trust of the record floor. */
export const logTrustOf = (trust: BuiltInTrust): LogTrust => ({
  logVkey: trust.logVkey,
  witnesses: trust.witnesses.map((vkey) => ({ name: nameOf(vkey), vkey })),
  quorum: trust.quorum,
});
