/** Where the log has an entry that something stored rests on (SPEC 7.2). */

/** The index of an entry; undefined until the log has given it one, or where no entry is behind it. */
export const placeOf = (idx: bigint | null): number | undefined => (idx === null ? undefined : Number(idx));
