/** What meetings with a final result were asked to decide, for forms that name a resolution (SPEC 8.3, 8.5). */
import type { MeetingAnswer, MeetingListAnswer } from '../../../assembly/contract.ts';
import { definitionForm } from '../../../record/meeting.ts';
import { call } from '../../kit/api.ts';
import { bytesOf } from '../opened-act.ts';

/** So many meetings are looked through. */
const NEWEST = 20;

/** A proposal: `id` is the meeting's and its own with a space between, `text` both titles. */
export type Decided = { readonly id: string; readonly text: string };

/** Proposals of meetings whose result is final; whether one was adopted the service knows. */
export async function decidedIn(community: string): Promise<readonly Decided[]> {
  const list = await call<MeetingListAnswer>('GET', `/v1/communities/${community}/meetings`);
  if (!list.ok) return [];
  const final = list.value.meetings.filter(({ state }) => state === 'final').slice(0, NEWEST);
  const found = final.map(async ({ meeting, title }) => {
    const answer = await call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`);
    const read = answer.ok ? definitionForm.parse(bytesOf(answer.value.definition)) : undefined;
    if (read?.ok !== true) return [];
    return read.value.proposals.map((one) => ({
      id: `${meeting} ${one.proposal}`,
      text: `${title}：${one.title}`,
    }));
  });
  return (await Promise.all(found)).flat();
}
