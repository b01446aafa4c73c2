/** The emergencies of a community, as anybody reads them from the moment that the fund is open for them (SPEC 8.3). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import type { Database } from '../db/connect.ts';
import type { Emergency } from '../record/emergency.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import { listAuthorisations } from './authorisations.ts';
import { emergencyPlaces } from './store/emergencies.ts';

export type ListedEmergency = Omit<StoredAuthorisation, 'record'> & {
  readonly record: Emergency;
  /** Undefined until it has one. */
  readonly logIndex: number | undefined;
};

/** All of them, in the order of the log. */
export async function listEmergencies(db: Database, community: string): Promise<readonly ListedEmergency[]> {
  const places = new Map(
    (await emergencyPlaces(db, community)).map(({ authorisation_id, idx }) => [authorisation_id, idx]),
  );
  return (await listAuthorisations(db, community)).flatMap(({ record, ...stored }) => {
    if (record.kind !== 'emergency') return [];
    const idx = places.get(stored.authorisation) ?? null;
    return [{ ...stored, record, logIndex: placeOf(idx) }];
  });
}
