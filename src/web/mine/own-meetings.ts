/** The published meetings of an owner's community, as the sections of his page choose among them. */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import { call } from '../kit/api.ts';

export type OwnMeeting = MeetingListAnswer['meetings'][number];

/** The newest first, of the states asked for; empty until they are loaded. */
export function useMeetings(community: string, states: readonly string[]): readonly OwnMeeting[] {
  const [meetings, setMeetings] = useState<readonly OwnMeeting[]>([]);
  useEffect(() => {
    void call<MeetingListAnswer>('GET', '/v1/meetings').then((answer) => {
      if (answer.ok) setMeetings(answer.value.meetings.filter((each) => each.community === community));
    });
  }, [community]);
  return meetings.filter(({ state }) => states.includes(state)).sort((a, b) => (a.opens < b.opens ? 1 : -1));
}
