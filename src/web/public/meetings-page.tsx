/** The list of meetings that anybody may see. */
import type { PublicRequisition } from '../../assembly/requisition-views.ts';
import { Page } from '../kit/shell.tsx';
import { timeWords } from '../kit/times.ts';
import { stateWord } from '../kit/words.ts';
import { RequisitionsSection } from './requisitions-section.tsx';
import { t } from './words.ts';

/** One line of the list. */
export type MeetingLine = {
  readonly meeting: string;
  readonly communityName: string;
  readonly title: string;
  readonly state: string;
  readonly opens: string;
  readonly closes: string;
  /** Whether a resolution of it was annulled. */
  readonly hasAnnulment: boolean;
};

export type MeetingsPageProps = {
  readonly meetings: readonly MeetingLine[];
  readonly requisitions: readonly PublicRequisition[];
  readonly demo: boolean;
};

export function MeetingsPage({ meetings, requisitions, demo }: MeetingsPageProps) {
  return (
    <Page name={t('name')} home="/" demo={demo} foot={<a href="/assets-list">{t('program')}</a>}>
      <h1>{t('listTitle')}</h1>
      <p class="lead">{t('listLead')}</p>
      <p class="no-print">
        <a class="button" href="/e">
          {t('enterVote')}
        </a>
      </p>
      {meetings.length === 0 && <p>{t('listEmpty')}</p>}
      <ul class="plain-list">
        {meetings.map((each) => (
          <li class="sheet" key={each.meeting}>
            <p class="kicker">{each.communityName}</p>
            <h2>
              <a href={`/meetings/${each.meeting}`}>{each.title}</a>
            </h2>
            <p>
              <span class="tag">{stateWord(each.state)}</span>{' '}
              {each.hasAnnulment && <span class="tag stop">{t('annulledTag')}</span>}
            </p>
            <p>{t('windowText', { opens: timeWords(each.opens), closes: timeWords(each.closes) })}</p>
          </li>
        ))}
      </ul>
      <RequisitionsSection
        requisitions={requisitions}
        published={meetings.map(({ meeting }) => meeting)}
        isOfOne={false}
      />
    </Page>
  );
}
