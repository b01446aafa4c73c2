/** What an owner may ask of a roll before it is frozen: his unit's area, its owners, or a unit that is missing (SPEC 4.4). */
export const REQUEST_SUBJECTS = ['area', 'owners', 'missing'] as const;
export type RequestSubject = (typeof REQUEST_SUBJECTS)[number];
