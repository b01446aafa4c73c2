/** The meetings of the owner's community: those that can be voted on first. */
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { stateWord } from '../kit/words.ts';
import { t } from './words.ts';

export type ListedMeeting = MeetingListAnswer['meetings'][number];

export type MeetingsStepProps = {
  readonly meetings: readonly ListedMeeting[];
  readonly onMeeting: (meeting: string) => void;
};

export function MeetingsStep({ meetings, onMeeting }: MeetingsStepProps) {
  const open = meetings.filter((each) => each.state === 'open');
  const paused = meetings.filter((each) => each.state === 'paused');
  const others = meetings.filter((each) => each.state !== 'open' && each.state !== 'paused');
  return (
    <>
      <h1>{t('meetingsTitle')}</h1>
      {paused.map((each) => (
        <Status key={each.meeting} kind="warn" title={`${each.title} ${t('pausedTitle')}`}>
          <p>{t('pausedLead')}</p>
          <p>
            <a href={`/meetings/${each.meeting}`}>{t('pausedReason')}</a>
          </p>
        </Status>
      ))}
      {open.length === 0 && <p>{t('noMeetings')}</p>}
      <div class="actions">
        {open.map((each) => (
          <Button key={each.meeting} onClick={() => onMeeting(each.meeting)}>
            {each.title}
          </Button>
        ))}
      </div>
      {others.length > 0 && (
        <section class="sheet spaced">
          <h2>{t('otherMeetings')}</h2>
          <ul class="plain-list">
            {others.map((each) => (
              <li key={each.meeting}>
                <a href={`/meetings/${each.meeting}`}>{each.title}</a>{' '}
                <span class="tag">{stateWord(each.state)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
