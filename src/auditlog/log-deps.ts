/** What the shells of the log are given; nothing here reads the environment (SPEC 7). */
import type { Clock, Random } from '../base/clock.ts';
import type { Database } from '../db/connect.ts';
import type { WitnessKey } from '../record/checkpoint.ts';
import type { Disk } from './durable-file.ts';

/** A witness of the trust policy, and the prefix of its submission address. */
export type Witness = WitnessKey & { readonly url: string };

/**
 * `logSeed` is the log's 32-byte Ed25519 seed, `quorum` how many of the witnesses must have cosigned. `disk` keeps the guard;
 * without it, the disk of this machine.
 */
export type LogDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly random?: Random;
  readonly origin: string;
  readonly logSeed: Uint8Array;
  readonly guardPath: string;
  readonly disk?: Disk;
  readonly witnesses: readonly Witness[];
  readonly quorum: number;
};
