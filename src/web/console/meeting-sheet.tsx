/** One meeting in the console: its state and the steps that its state allows (SPEC 5, 6.8, 8.2). */
import { useState } from 'preact/hooks';
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { hasArchive } from '../../record/archive.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { stateWord } from '../kit/words.ts';
import { BoxKeySection, BoxReleaseSection } from './box-section.tsx';
import { ConsultationSection } from './consultation-section.tsx';
import { DeliverySection, hasDeliveries } from './delivery-section.tsx';
import { ExtensionSection } from './extension-section.tsx';
import { FollowUpSection } from './follow-up-section.tsx';
import type { ProposalStart } from './meeting-draft.ts';
import { useOutcome } from './meeting-outcome.ts';
import { hasObjections, ObjectionsSection } from './objections-section.tsx';
import { mayPrintPapers } from './paper-print.tsx';
import { t as paperWord } from './paper-words.ts';
import { PauseSection } from './pause-section.tsx';
import type { AbsentUnits } from './reminding-section.tsx';
import { hasReminding, RemindingSection } from './reminding-section.tsx';
import { mayRestore, RestoringSection } from './restoring-section.tsx';
import { RollRequestsSection } from './roll-requests-section.tsx';
import { t as rollWord } from './roll-words.ts';
import { RunOffSection } from './run-off-section.tsx';
import { t } from './words.ts';

export type ListedMeeting = MeetingListAnswer['meetings'][number];

type Step = { readonly path: string; readonly word: 'stepNotice' | 'stepRoll' | 'stepOpening' | 'stepFinal' };
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  draft: [{ path: 'notice', word: 'stepNotice' }],
  noticed: [
    { path: 'roll', word: 'stepRoll' },
    { path: 'opening', word: 'stepOpening' },
  ],
  preliminary: [{ path: 'final', word: 'stepFinal' }],
};
/** Requests come in until the freeze, and what is open then is still answered. */
const HAS_REQUESTS: readonly string[] = ['noticed', 'armed', 'open', 'paused'];
const CONVENERS: readonly string[] = ['committee', 'street'];
const READERS: readonly string[] = [...CONVENERS, 'regulator'];

export type MeetingSheetProps = {
  readonly meeting: ListedMeeting;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
  readonly onPrint: (meeting: ListedMeeting) => void;
  readonly onPapers: (meeting: ListedMeeting) => void;
  readonly onConvene: (start: ProposalStart) => void;
  readonly onDoors: (doors: { readonly meeting: ListedMeeting; readonly units: AbsentUnits }) => void;
};

type AfterVoteProps = MeetingSheetProps & {
  readonly outcome: ReturnType<typeof useOutcome>;
  readonly onSaid: (sentence: string) => void;
};

/** What is left to do once the vote is closed: lost casts, objections, a run-off, what follows from resolutions. */
function AfterVote({ meeting, officer, outcome, round, onConvene, onSaid }: AfterVoteProps) {
  const isConvener = CONVENERS.includes(officer.role);
  return (
    <>
      {outcome !== undefined && isConvener && <RunOffSection outcome={outcome} onConvene={onConvene} />}
      {outcome !== undefined && (
        <FollowUpSection
          meeting={meeting.meeting}
          outcome={outcome}
          mayDraft={isConvener}
          round={round}
          onChanged={onSaid}
        />
      )}
      {mayRestore(officer.role, meeting.state) && (
        <RestoringSection meeting={meeting.meeting} round={round} onChanged={onSaid} />
      )}
      {hasObjections(officer.role, meeting.state) && (
        <ObjectionsSection
          community={meeting.community}
          meeting={meeting.meeting}
          state={meeting.state}
          round={round}
          onChanged={onSaid}
        />
      )}
    </>
  );
}

export function MeetingSheet(props: MeetingSheetProps) {
  const { meeting, officer, round, onChanged, onPrint, onPapers, onDoors } = props;
  const [said, setSaid] = useState<{ readonly kind: 'good' | 'stop'; readonly sentence: string }>();
  const tell = (sentence: string) => {
    setSaid({ kind: 'good', sentence });
    onChanged();
  };
  const take = async (path: string) => {
    const answer = await call('POST', `/v1/meetings/${meeting.meeting}/${path}`);
    if (answer.ok) tell(t('stepDrafted'));
    else setSaid({ kind: 'stop', sentence: answer.problem.sentence });
  };
  const outcome = useOutcome(meeting.meeting, meeting.state === 'final', round);
  const isConvener = CONVENERS.includes(officer.role);
  const steps = isConvener ? (STEPS[meeting.state] ?? []) : [];
  return (
    <li class="sheet">
      <h3>{meeting.title}</h3>
      <p>
        <span class="tag">{stateWord(meeting.state)}</span>
      </p>
      <p>
        {timeWords(meeting.opens)} – {timeWords(meeting.closes)}
      </p>
      {said !== undefined && <Status kind={said.kind} title={said.sentence} />}
      <div class="actions row">
        {steps.map(({ path, word }) => (
          <Button key={path} kind="quiet" onClick={() => void take(path)}>
            {t(word)}
          </Button>
        ))}
        {meeting.state !== 'draft' && (
          <a class="button quiet" href={`/meetings/${meeting.meeting}`}>
            {t('publicPage')}
          </a>
        )}
        {hasArchive(meeting.state) && (
          <a class="button quiet" href={`/meetings/${meeting.meeting}/archive`}>
            {t('archive')}
          </a>
        )}
        <a class="button quiet" href="/what-if">
          {t('whatIf')}
        </a>
      </div>
      {meeting.state !== 'draft' && (
        <Button kind="quiet" onClick={() => onPrint(meeting)}>
          {rollWord('print')}
        </Button>
      )}
      {mayPrintPapers(officer.role, meeting) && (
        <Button kind="quiet" onClick={() => onPapers(meeting)}>
          {paperWord('print')}
        </Button>
      )}
      {meeting.state === 'draft' && READERS.includes(officer.role) && (
        <ConsultationSection
          meeting={meeting.meeting}
          isOpened={meeting.isConsulted}
          mayAnswer={officer.role === meeting.convenerRole}
          round={round}
          onChanged={tell}
        />
      )}
      {HAS_REQUESTS.includes(meeting.state) && isConvener && (
        <RollRequestsSection
          meeting={meeting.meeting}
          mayFreeze={meeting.state === 'noticed'}
          onChanged={onChanged}
        />
      )}
      {hasReminding(officer.role, meeting.state) && (
        <RemindingSection
          meeting={meeting.meeting}
          role={officer.role}
          onUnits={(units) => onDoors({ meeting, units })}
        />
      )}
      {hasDeliveries(officer.role, meeting.state) && (
        <DeliverySection meeting={meeting.meeting} role={officer.role} />
      )}
      {meeting.state === 'noticed' && <BoxKeySection meeting={meeting.meeting} onChanged={tell} />}
      {meeting.state === 'closed' && <BoxReleaseSection meeting={meeting.meeting} onChanged={tell} />}
      {meeting.state === 'open' && isConvener && (
        <ExtensionSection meeting={meeting.meeting} onChanged={tell} />
      )}
      <PauseSection
        meeting={meeting.meeting}
        state={meeting.state}
        isRegulator={officer.role === 'regulator'}
        onChanged={tell}
      />
      <AfterVote {...props} outcome={outcome} onSaid={tell} />
    </li>
  );
}
