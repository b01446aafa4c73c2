/** Wire types of what opens the hashes of an act; unknown members are refused (SPEC 2.4). */
import { z } from 'zod';
import { bytesText, idText } from '../officers/contract.ts';

export const actOpeningsParams = z.strictObject({ community: idText, act: idText });

const LEAF = 12_000_000;
/** What a kind does not have is empty. */
export const actOpeningsAnswer = z.strictObject({
  /** Canonical bytes of the record that the entry names by its hash. */
  record: bytesText(950_000),
  /** Of a revocation: the binding by which its key came to be. */
  binding: bytesText(5500),
  /** Of a correction: its document; of a register: the salt of its file. */
  salt: bytesText(22),
  reference: z.string(),
  /** Of a correction: the leaf in force, the one that takes its place, and what opens the commitments of the latter. */
  before: bytesText(LEAF),
  leaf: bytesText(LEAF),
  opening: bytesText(100_000),
  /** Of a reissue: the items under `root`. */
  items: z.array(bytesText(2_000_000)),
  /** Whether the persons are left to the other officer: a committee convenes, and is no neighbour's register (SPEC 2.4). */
  withheld: z.boolean(),
  persons: z.array(
    z.strictObject({
      person: idText,
      identity: bytesText(43),
      salt: bytesText(22),
      /** Only of those who need not stand before the officer: new holders, and who gets another letter. */
      docKind: z.string(),
      number: z.string(),
      name: z.string(),
    }),
  ),
  /** Names of the units in the record, as the register has them: no hash covers them. */
  units: z.array(z.strictObject({ unit: idText, building: z.string(), stair: z.string(), room: z.string() })),
});
export type ActOpeningsAnswer = z.infer<typeof actOpeningsAnswer>;
