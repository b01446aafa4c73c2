/** Which receipts of unknown payers wait for their households: an identification names its receipt in its narrative (SPEC 8.3). */
import { sumFen } from '../../base/fen.ts';

/** What an identification says: the number of the receipt whose money it is. Those of before may name none, `待查认领`. */
export const identificationNarrative = (seq: bigint): string => `认领第${seq}笔`;

const NAMED = /^认领第([1-9][0-9]{0,14})笔$/;

/** An identification in the book, in fen. */
export type Identified = { readonly narrative: string; readonly amountFen: bigint };

/** What was identified of the receipt with this number, in fen. */
export const identifiedOf = (seq: bigint, identifications: readonly Identified[]): bigint =>
  sumFen(
    identifications
      .filter(({ narrative }) => NAMED.exec(narrative)?.[1] === String(seq))
      .map(({ amountFen }) => amountFen),
  );
