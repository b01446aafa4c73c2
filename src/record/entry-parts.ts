/** What the schemas of all log entries are made of: ids of community and meeting, the kind, the evidence (SPEC 7.1). */
import type { Shape } from './schema.ts';
import { exactly, list, oneOf } from './schema.ts';
import { hash, id } from './shapes.ts';

export const v = exactly(1);
export const evidence = list(hash, 16);
/** Every entry of a community names it; every entry of a meeting names both. */
export const inCommunity = { v, community: id };
export const inMeeting = { v, community: id, meeting: id };
export const kind = <const K extends string>(name: K): Shape<K> => oneOf(name);
