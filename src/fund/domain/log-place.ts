/** Where the log has what the fund shows (SPEC 7.2). */

/** The index of an entry; undefined until the log has given it one. */
export const placeOf = (idx: bigint | null): number | undefined => (idx === null ? undefined : Number(idx));
