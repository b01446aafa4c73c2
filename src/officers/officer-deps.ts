/** What the shells of this floor are given; nothing here reads the environment. */
import type { Clock, Random } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { EntryKind } from '../record/entry.ts';

export type OfficerDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** The relying party of passkeys, and the origins of the pages that may use them. */
  readonly rpId: string;
  readonly origins: readonly string[];
};

/**
 * The salt of an officer's identity, 16 bytes that depend on his document and on a key of the deployment: the same person has
 * one identity wherever he is invited, so that "two different officers" means two persons (SPEC 2.2, 2.4).
 */
export type IdentitySalts = { readonly identitySalt: (docKind: string, number: string) => Uint8Array };

/** What a feature asks of whoever signs an act of its kind, beside his role; asked in the signing transaction. */
export type SigningRules = Readonly<
  Partial<Record<EntryKind, (tx: Tx, act: string, officer: string) => Promise<Result<undefined, Refusal>>>>
>;
