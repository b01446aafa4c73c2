/** The owner's own page: what he may look at and change beside a vote. Each part is a section of its own (SPEC 3, 4.5). */

import { useEffect, useState } from 'preact/hooks';
import type { MeAnswer } from '../../identity/contract.ts';
import type { LogTrust } from '../../record/proof.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import type { CodeListener } from '../owner/entry.tsx';
import { Entry } from '../owner/entry.tsx';
import { OwnerFrame } from '../owner/owner-frame.tsx';
import { ConsultationSection } from './consultation-section.tsx';
import { CounterEnrolment } from './counter-enrolment.tsx';
import { DesignationSection } from './designation-section.tsx';
import { DrawnRollSection } from './drawn-roll-section.tsx';
import { EmailSection } from './email-section.tsx';
import { FreezeSection } from './freeze-section.tsx';
import type { FundSectionProps, OpenedAccount } from './fund-section.tsx';
import { FundSection } from './fund-section.tsx';
import { FundStatement } from './fund-statement.tsx';
import { KeysSection } from './keys-section.tsx';
import { MandateSection } from './mandate-section.tsx';
import { NoticeSection } from './notice-section.tsx';
import { ObjectionsSection } from './objections-section.tsx';
import { PersonalSection } from './personal-section.tsx';
import { ProviderEnrolment } from './provider-enrolment.tsx';
import type { ProviderReturn } from './provider-return.ts';
import { RequisitionSection } from './requisition-section.tsx';
import { RollSection } from './roll-section.tsx';
import type { SectionProps } from './section-props.ts';
import { UnitsSection } from './units-section.tsx';
import { t } from './words.ts';

function Sections(props: SectionProps & Pick<FundSectionProps, 'onOpen'>) {
  return (
    <>
      <UnitsSection me={props.me} />
      <FundSection owner={props.owner} onOpen={props.onOpen} />
      <ConsultationSection />
      <NoticeSection owner={props.owner} />
      <DrawnRollSection owner={props.owner} me={props.me} />
      <RollSection owner={props.owner} trust={props.trust} />
      <ObjectionsSection owner={props.owner} />
      <KeysSection owner={props.owner} votingKey={props.votingKey} />
      <MandateSection {...props} />
      <DesignationSection {...props} />
      <RequisitionSection owner={props.owner} votingKey={props.votingKey} />
      <FreezeSection owner={props.owner} votingKey={props.votingKey} />
      <EmailSection />
      <PersonalSection me={props.me} />
    </>
  );
}

type HomeProps = Omit<SectionProps, 'me'> & { readonly onLeave: () => void };

function Home({ onLeave, ...props }: HomeProps) {
  const [me, setMe] = useState<MeAnswer>();
  const [problem, setProblem] = useState<string>();
  const [opened, setOpened] = useState<OpenedAccount>();
  useEffect(() => {
    void call<MeAnswer>('GET', '/v1/identity/me').then((answer) =>
      answer.ok ? setMe(answer.value) : setProblem(answer.problem.sentence),
    );
  }, []);
  if (opened !== undefined && me !== undefined) {
    const back = () => setOpened(undefined);
    return <FundStatement {...opened} communityName={me.communityName} onBack={back} />;
  }
  return (
    <>
      <h1>{t('mineTitle')}</h1>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {me !== undefined && <Sections {...props} me={me} onOpen={setOpened} />}
      <div class="actions">
        <a class="button quiet" href="/e">
          {t('toVote')}
        </a>
        <Button kind="quiet" onClick={onLeave}>
          {t('signOut')}
        </Button>
      </div>
    </>
  );
}

export type MinePageProps = {
  readonly trust: LogTrust;
  readonly scannedCode: string;
  readonly onCode: CodeListener;
  /** How a provider sent its owner back, where the page was opened so. */
  readonly back: ProviderReturn | undefined;
};

export function MinePage({ trust, scannedCode, onCode, back: cameBack }: MinePageProps) {
  const [back, setBack] = useState(cameBack);
  const [bound, setBound] = useState(0);
  const [code, setCode] = useState(scannedCode);
  useEffect(() => {
    // A code that is scanned into the open page is perhaps another owner's.
    onCode((scanned) => {
      setSignedIn(undefined);
      setCode(scanned);
    });
  }, [onCode]);
  const [signedIn, setSignedIn] = useState<Pick<SectionProps, 'owner' | 'votingKey'>>();
  const leave = async () => {
    await call('DELETE', '/v1/identity/sessions');
    setSignedIn(undefined);
  };
  const enrolment = <ProviderEnrolment back={back} onBound={() => setBound((count) => count + 1)} />;
  return (
    <OwnerFrame>
      {signedIn === undefined ? (
        <>
          {back !== undefined && enrolment}
          <Entry
            key={`${code} ${bound}`}
            code={code}
            onOwner={(votingKey, owner) => {
              // A way back counts once, also for the page that its owner leaves and sees again.
              setBack(undefined);
              setSignedIn({ votingKey, owner });
            }}
          />
          {back === undefined && enrolment}
          <CounterEnrolment />
        </>
      ) : (
        <Home {...signedIn} trust={trust} onLeave={() => void leave()} />
      )}
    </OwnerFrame>
  );
}
