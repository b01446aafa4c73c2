/** Column types that tables share: what the driver reads and takes. */
import type { ColumnType } from 'kysely';

/** Milliseconds since 1970: read as bigint, written as bigint or as an Instant. */
export type AtMs = ColumnType<bigint, bigint | number, bigint | number>;

/** A civil date: the text `YYYY-MM-DD` both ways. */
export type OnDate = string;
