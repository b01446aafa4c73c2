/** The voting page: from the letter to the receipt, one decision a screen (DESIGN §4 "one vote"). */

import { useEffect, useState } from 'preact/hooks';
import { parseInstant } from '../../base/instant.ts';
import type { LogTrust } from '../../record/proof.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { useTopOf } from '../kit/shell.tsx';
import { Status } from '../kit/status.tsx';
import type { CodeListener } from '../owner/entry.tsx';
import { Entry } from '../owner/entry.tsx';
import { OwnerFrame } from '../owner/owner-frame.tsx';
import { BallotSteps } from './ballot-steps.tsx';
import type { CheckCode, CheckedPapers } from './checks.ts';
import { HashGroups } from './hash-groups.tsx';
import { MeetingsStep } from './meetings-step.tsx';
import { PapersStep } from './papers-step.tsx';
import { ReceiptStep } from './receipt-step.tsx';
import { receiptsOf } from './receipts.ts';
import type { View, Voting } from './voting.ts';
import { useVoting } from './voting.ts';
import { t } from './words.ts';

function Stop({ code, where, onRetry }: { code: CheckCode; where: string; onRetry: () => void }) {
  if (code === 'OPENED_NOT_YET') {
    return (
      <>
        <h1>{t('notYetTitle')}</h1>
        <Status kind="wait" title={t('notYet')} />
        <Button onClick={onRetry}>{t('retry')}</Button>
      </>
    );
  }
  return (
    <>
      <h1>{t('stopTitle')}</h1>
      <Status kind="stop" title={t(code)}>
        <p>{t('stopLead')}</p>
        <p>{t('stopHelp')}</p>
        <p class="mono">{t('stopCode', { code: where === '' ? code : `${code} ${where}` })}</p>
      </Status>
      <Button kind="quiet" onClick={onRetry}>
        {t('retry')}
      </Button>
    </>
  );
}

function Unacknowledged({ code, castHash }: Extract<View, { at: 'unacknowledged' }>) {
  return (
    <>
      <h1>{t('sentTitle')}</h1>
      <Status kind="stop" title={t(code)}>
        <p>{t('sentLead')}</p>
      </Status>
      <h2>{t('receiptHash')}</h2>
      <HashGroups hash={castHash} />
    </>
  );
}

/** The service's time, since deadlines are the service's: this device's clock moved by the difference. */
function useServiceTime(): () => number {
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    void call<{ readonly now: string }>('GET', '/v1/deployment').then((answer) => {
      const now = answer.ok ? parseInstant(answer.value.now.replace(/\.\d+Z$/, 'Z')) : undefined;
      if (now !== undefined) setOffset(now - Date.now());
    });
  }, []);
  return () => Date.now() + offset;
}

type ScreenProps = { readonly voting: Voting; readonly trust: LogTrust; readonly nowMs: number };

/** The screens from the first checked page on. */
function CheckedScreen({ voting, trust, nowMs }: ScreenProps) {
  const { view, show, voted, votingKey } = voting;
  if (view.at === 'papers') {
    const { papers } = view;
    return (
      <PapersStep
        papers={papers}
        nowMs={nowMs}
        voted={voted}
        receipts={receiptsOf(papers.definition.meeting).map((each) => each.entitlement)}
        onBegin={(paper) => show({ at: 'ballot', papers, paper })}
        onReceipt={(paper) => voting.openReceipt(papers, paper)}
      />
    );
  }
  if (view.at === 'ballot' && votingKey !== undefined) {
    const { papers, paper } = view;
    return (
      <BallotSteps
        votingKey={votingKey}
        papers={papers}
        paper={paper}
        onLeave={() => show({ at: 'papers', papers })}
        onAccepted={(cast, answer) => voting.accept(papers, paper, cast, answer)}
      />
    );
  }
  if (view.at !== 'receipt') return null;
  const { papers, receipt } = view;
  const waits = ({ papers: all }: CheckedPapers) =>
    all.some((each) => each.last === '' && !voted.includes(each.entitlement));
  const next = () => show({ at: 'papers', papers });
  return (
    <ReceiptStep
      receipt={receipt}
      trust={trust}
      onNext={waits(papers) ? next : undefined}
      letterSeed={votingKey?.letterSeed}
    />
  );
}

function Screen(props: ScreenProps) {
  const { voting } = props;
  const { view } = voting;
  switch (view.at) {
    case 'busy':
      return <p role="status">{t('checking')}</p>;
    case 'entry':
      return <Entry key={view.code} code={view.code} onOwner={voting.signedIn} />;
    case 'problem':
      return (
        <Status kind="stop" title={view.sentence}>
          <Button onClick={view.again}>{t('retry')}</Button>
        </Status>
      );
    case 'meetings':
      return <MeetingsStep meetings={view.meetings} onMeeting={voting.openPapers} />;
    case 'stop':
      return <Stop code={view.code} where={view.where} onRetry={() => voting.openPapers(view.meeting)} />;
    case 'unacknowledged':
      return <Unacknowledged {...view} />;
    default:
      return <CheckedScreen {...props} />;
  }
}

export type VotePageProps = {
  readonly trust: LogTrust;
  readonly scannedCode: string;
  readonly onCode: CodeListener;
};

export function VotePage({ trust, scannedCode, onCode }: VotePageProps) {
  const voting = useVoting(trust, scannedCode, onCode);
  const now = useServiceTime();
  const { view } = voting;
  useTopOf(view.at);
  return (
    <OwnerFrame demo={'papers' in view && view.papers.definition.demoRoot}>
      <Screen voting={voting} trust={trust} nowMs={now()} />
    </OwnerFrame>
  );
}
