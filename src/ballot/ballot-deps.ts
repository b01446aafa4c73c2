/** What the shells of this floor are given. */
import type { AssemblyDeps } from '../assembly/assembly-deps.ts';
import type { LogDeps } from '../auditlog/log-deps.ts';

/** One Ed25519 key of the server. */
export type SigningKey = { readonly seed: Uint8Array; readonly publicKey: Uint8Array };

export type BallotDeps = AssemblyDeps & {
  readonly log: LogDeps;
  readonly keys: { readonly ballot: SigningKey; readonly ack: SigningKey; readonly certificate: SigningKey };
};
