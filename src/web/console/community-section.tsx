/** One community in the console: its meetings, its acts. */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import { civilDateAt } from '../../base/civil-date.ts';
import { parseInstant } from '../../base/instant.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { ActsSection } from './acts-section.tsx';
import { ApplicationsSection } from './applications-section.tsx';
import { CorrectionsSection } from './corrections-section.tsx';
import { CounterSection } from './counter-section.tsx';
import type { Deployment } from './deployment.ts';
import { DesignationSection } from './designation-section.tsx';
import type { DoorsPrintProps } from './doors-print.tsx';
import { DoorsPrint } from './doors-print.tsx';
import { FreezesSection } from './freezes-section.tsx';
import { FundLink } from './fund-link.tsx';
import { LettersSection } from './letters-section.tsx';
import { MandateSection } from './mandate-section.tsx';
import type { ProposalStart } from './meeting-draft.ts';
import { MeetingFormSection } from './meeting-form.tsx';
import type { ListedMeeting } from './meeting-sheet.tsx';
import { MeetingSheet } from './meeting-sheet.tsx';
import { MergesSection } from './merges-section.tsx';
import { NoticePrint } from './notice-print.tsx';
import { NoticeSection } from './notice-section.tsx';
import { PaperPrint } from './paper-print.tsx';
import { PaperSection } from './paper-section.tsx';
import { ProviderSection } from './provider-section.tsx';
import { RecoverySection } from './recovery-section.tsx';
import { RegisterSection } from './register-section.tsx';
import { RequisitionsSection } from './requisitions-section.tsx';
import { RollPrint } from './roll-print.tsx';
import { RulesSection } from './rules-section.tsx';
import { t } from './words.ts';

export type CommunitySectionProps = {
  readonly community: { readonly community: string; readonly name: string };
  readonly officer: OfficerAnswer;
  readonly deployment: Deployment;
  readonly logVkey: string;
};

export function CommunitySection({ community, officer, deployment, logVkey }: CommunitySectionProps) {
  const [meetings, setMeetings] = useState<readonly ListedMeeting[]>([]);
  const [problem, setProblem] = useState<string>();
  const [drafting, setDrafting] = useState(false);
  const [start, setStart] = useState<ProposalStart>();
  const [printed, setPrinted] = useState<ListedMeeting>();
  const [papers, setPapers] = useState<ListedMeeting>();
  const [doors, setDoors] = useState<Omit<DoorsPrintProps, 'onBack'>>();
  const [run, setRun] = useState<string>();
  const [round, setRound] = useState(0);
  const id = community.community;
  const again = () => setRound((old) => old + 1);
  const convene = (asked: ProposalStart) => {
    setStart(asked);
    setDrafting(true);
  };
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<MeetingListAnswer>('GET', `/v1/communities/${id}/meetings`).then((answer) =>
      answer.ok ? setMeetings(answer.value.meetings) : setProblem(answer.problem.sentence),
    );
  }, [id, round]);
  if (printed !== undefined) return <RollPrint meeting={printed} onBack={() => setPrinted(undefined)} />;
  if (papers !== undefined) return <PaperPrint meeting={papers} onBack={() => setPapers(undefined)} />;
  if (doors !== undefined) return <DoorsPrint {...doors} onBack={() => setDoors(undefined)} />;
  if (run !== undefined)
    return <NoticePrint community={community} run={run} onBack={() => setRun(undefined)} />;
  if (drafting) {
    const leave = () => {
      setDrafting(false);
      setStart(undefined);
      again();
    };
    const today = civilDateAt(parseInstant(deployment.now) ?? Date.now());
    const { demoRoot } = deployment;
    return <MeetingFormSection community={id} today={today} demo={demoRoot} start={start} onDone={leave} />;
  }
  return (
    <>
      <h1>{community.name}</h1>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        {(officer.role === 'committee' || officer.role === 'street') && (
          <Button onClick={() => setDrafting(true)}>{t('newMeeting')}</Button>
        )}
        <Button kind="quiet" onClick={again}>
          {t('refresh')}
        </Button>
      </div>
      <ActsSection community={id} officer={officer} logVkey={logVkey} round={round} onChanged={again} />
      <section>
        <h2>{t('meetings')}</h2>
        {meetings.length === 0 && <p class="soft">{t('noMeetings')}</p>}
        <ul class="plain-list">
          {meetings.map((meeting) => (
            <MeetingSheet
              key={meeting.meeting}
              meeting={meeting}
              officer={officer}
              round={round}
              onChanged={again}
              onPrint={setPrinted}
              onPapers={setPapers}
              onConvene={convene}
              onDoors={setDoors}
            />
          ))}
        </ul>
      </section>
      <RequisitionsSection
        community={id}
        meetings={meetings}
        officer={officer}
        round={round}
        onChanged={again}
      />
      <PaperSection meetings={meetings} officer={officer} logVkey={logVkey} onChanged={again} />
      {(officer.role === 'committee' || officer.role === 'street') && (
        <RegisterSection community={id} officer={officer} onChanged={again} />
      )}
      <CorrectionsSection
        community={id}
        meetings={meetings}
        officer={officer}
        round={round}
        onChanged={again}
      />
      <RulesSection community={id} meetings={meetings} officer={officer} round={round} onChanged={again} />
      <LettersSection community={id} officer={officer} round={round} onChanged={again} />
      <MandateSection community={id} officer={officer} round={round} onChanged={again} />
      <DesignationSection community={id} officer={officer} onChanged={again} />
      <CounterSection community={id} officer={officer} round={round} onChanged={again} />
      <MergesSection community={id} officer={officer} round={round} onChanged={again} />
      <ProviderSection community={id} officer={officer} round={round} onChanged={again} />
      <FreezesSection community={id} officer={officer} round={round} onChanged={again} />
      <NoticeSection community={id} officer={officer} round={round} onPrint={setRun} />
      <ApplicationsSection
        community={id}
        meetings={meetings}
        officer={officer}
        round={round}
        onChanged={again}
        onConvene={convene}
      />
      <FundLink community={id} officer={officer} />
      <RecoverySection community={id} officer={officer} />
    </>
  );
}
