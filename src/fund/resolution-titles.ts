/** What the owners decided, in the words of their meeting, or which danger did not wait for them: the title behind each authorisation (SPEC 8.3). */
import { readMeeting } from '../assembly/meetings.ts';
import type { Database } from '../db/connect.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import { emergencyTitle } from './domain/emergency.ts';

/** Titles by authorisation; empty where the meeting of a resolution is not there to be read. */
export async function resolutionTitles(
  db: Database,
  authorisations: readonly StoredAuthorisation[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  const meetings = authorisations.flatMap(({ record }) =>
    record.kind === 'authorisation' ? [record.meeting] : [],
  );
  for (const meeting of new Set(meetings)) {
    const proposals = (await readMeeting(db, meeting))?.definition.proposals ?? [];
    for (const { proposal, title } of proposals) titles.set(`${meeting} ${proposal}`, title);
  }
  return new Map(
    authorisations.map(({ authorisation, record }) => [
      authorisation,
      record.kind === 'emergency'
        ? emergencyTitle(record.category)
        : (titles.get(`${record.meeting} ${record.proposal}`) ?? ''),
    ]),
  );
}
