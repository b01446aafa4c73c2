/** What the owners decided, in the words of their meeting: the title behind each authorisation (SPEC 8.3). */
import { readMeeting } from '../assembly/meetings.ts';
import type { Database } from '../db/connect.ts';
import type { StoredAuthorisation } from './authorisations.ts';

/** Titles of the resolutions by authorisation; empty where the meeting is not there to be read. */
export async function resolutionTitles(
  db: Database,
  authorisations: readonly StoredAuthorisation[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  for (const meeting of new Set(authorisations.map(({ record }) => record.meeting))) {
    const proposals = (await readMeeting(db, meeting))?.definition.proposals ?? [];
    for (const { proposal, title } of proposals) titles.set(`${meeting} ${proposal}`, title);
  }
  return new Map(
    authorisations.map(({ authorisation, record }) => [
      authorisation,
      titles.get(`${record.meeting} ${record.proposal}`) ?? '',
    ]),
  );
}
