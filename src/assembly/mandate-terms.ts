/** What a meeting says about the mandates that are given for it: its proposals, the cap, whether anybody can still cast (SPEC 3.6, 5). */
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { MandateTerms } from '../identity/mandate-rules.ts';
import { parameterOf } from './domain/drafting.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import { CN_2021, defaultParameters } from './domain/profile.ts';
import { readMeeting } from './meetings.ts';

const BEFORE_ITS_CLOSE: readonly MeetingState[] = ['noticed', 'armed', 'open', 'paused'];

/** The terms of a meeting that was noticed; of every meeting, where none is named; undefined where there is no such meeting. */
export async function mandateTerms(
  db: Database | Tx,
  community: string,
  meeting: string,
): Promise<MandateTerms | undefined> {
  if (meeting === '') return { proxyCap: defaultParameters(CN_2021).proxyCap, proposals: [], isOver: false };
  const found = await readMeeting(db, meeting);
  if (found === undefined || found.community !== community || found.state === 'draft') return undefined;
  return {
    proxyCap: Number(parameterOf(found.definition, 'proxyCap')),
    proposals: found.definition.proposals.map(({ proposal }) => proposal),
    isOver: !BEFORE_ITS_CLOSE.includes(found.state),
  };
}
