/** The course of a vote as the page remembers it: which screen stands, what was checked, what was sent (SPEC 6.0, 6.3, 7.3). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import type { CastAnswer, PapersAnswer, ReceiptAnswer } from '../../ballot/contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { LogTrust } from '../../record/proof.ts';
import { call } from '../kit/api.ts';
import { leafWords } from '../kit/unit-words.ts';
import type { CodeListener } from '../owner/entry.tsx';
import type { SignedInOwner } from '../owner/letter-login.ts';
import type { VotingKey } from '../owner/voting-key.ts';
import type { MadeCast } from './casting.ts';
import type { CheckCode, CheckedPaper, CheckedPapers } from './checks.ts';
import { checkPapers } from './checks.ts';
import { forgetChoices } from './choices.ts';
import type { ListedMeeting } from './meetings-step.tsx';
import { checkAcknowledgement } from './receipt-checks.ts';
import type { KeptReceipt } from './receipts.ts';
import { keepReceipt, receiptsOf } from './receipts.ts';

/** One screen. */
export type View =
  | { readonly at: 'entry'; readonly code: string }
  | { readonly at: 'busy' }
  | { readonly at: 'problem'; readonly sentence: string; readonly again: () => void }
  | { readonly at: 'meetings'; readonly meetings: readonly ListedMeeting[] }
  | { readonly at: 'stop'; readonly code: CheckCode; readonly where: string; readonly meeting: string }
  | {
      readonly at: 'unacknowledged';
      readonly code: 'ACK_SIGNATURE' | 'ACK_CLAIMS';
      readonly castHash: string;
    }
  | { readonly at: 'papers'; readonly papers: CheckedPapers }
  | { readonly at: 'ballot'; readonly papers: CheckedPapers; readonly paper: CheckedPaper }
  | { readonly at: 'receipt'; readonly papers: CheckedPapers; readonly receipt: KeptReceipt };

const keptOf = (
  { definition, closes, meetingHash }: CheckedPapers,
  paper: CheckedPaper,
  cast: Pick<KeptReceipt, 'castHash' | 'seq' | 'acknowledgement' | 'sent'>,
): KeptReceipt => ({
  ...cast,
  meetingHash,
  meeting: definition.meeting,
  entitlement: paper.entitlement,
  title: definition.title,
  communityName: definition.communityName,
  units: leafWords(paper.leaf),
  closes,
  ackKey: definition.keys.ack,
  entry: '',
  proof: '',
});

type Show = (view: View) => void;

/** Loads the papers of a meeting and shows them only when every check has passed. */
async function openPapers(meeting: string, trust: LogTrust, show: Show): Promise<void> {
  show({ at: 'busy' });
  const answer = await call<PapersAnswer>('GET', `/v1/meetings/${meeting}/papers`);
  if (!answer.ok) {
    const again = () => void openPapers(meeting, trust, show);
    return show({ at: 'problem', sentence: answer.problem.sentence, again });
  }
  const checked = checkPapers(answer.value, meeting, trust);
  if (checked.ok) {
    // Whoever is shown the texts signed in has been served (SPEC 5.1); where this fails he votes all the same.
    void call('POST', `/v1/meetings/${meeting}/notice/readings`);
    return show({ at: 'papers', papers: checked.value });
  }
  const { code, where = '' } = checked.refusal;
  show({ at: 'stop', code, where, meeting });
}

async function openMeetings(owner: SignedInOwner, trust: LogTrust, show: Show): Promise<void> {
  show({ at: 'busy' });
  const answer = await call<MeetingListAnswer>('GET', '/v1/meetings');
  if (!answer.ok) {
    const again = () => void openMeetings(owner, trust, show);
    return show({ at: 'problem', sentence: answer.problem.sentence, again });
  }
  const meetings = answer.value.meetings.filter((each) => each.community === owner.community);
  const [only, ...more] = meetings.filter((each) => each.state === 'open');
  if (only !== undefined && more.length === 0) return openPapers(only.meeting, trust, show);
  show({ at: 'meetings', meetings });
}

/** The receipt of an entitlement that has voted: this device's own, or what the service gives for the last statement. */
async function openReceipt(papers: CheckedPapers, paper: CheckedPaper, show: Show): Promise<void> {
  const { meeting } = papers.definition;
  const kept = receiptsOf(meeting).find((each) => each.entitlement === paper.entitlement);
  if (kept !== undefined) return show({ at: 'receipt', papers, receipt: kept });
  const path = `/v1/meetings/${meeting}/casts/${paper.last}/receipt`;
  const answer = await call<ReceiptAnswer>('GET', path);
  if (!answer.ok) {
    const again = () => void openReceipt(papers, paper, show);
    return show({ at: 'problem', sentence: answer.problem.sentence, again });
  }
  const { acknowledgement } = answer.value;
  const receipt = keptOf(papers, paper, { castHash: paper.last, seq: paper.seq, acknowledgement });
  show({ at: 'receipt', papers, receipt });
}

/** The state of the page and what may happen to it. */
export function useVoting(trust: LogTrust, scannedCode: string, onCode: CodeListener) {
  const [view, show] = useState<View>({ at: 'entry', code: scannedCode });
  const [votingKey, setVotingKey] = useState<VotingKey>();
  const [voted, setVoted] = useState<readonly string[]>([]);
  useEffect(() => onCode((code) => show({ at: 'entry', code })), [onCode]);
  const accept = (papers: CheckedPapers, paper: CheckedPaper, cast: MadeCast, answer: CastAnswer) => {
    const { acknowledgement } = answer;
    const castHash = toBase64Url(cast.castHash);
    const receipt = keptOf(papers, paper, { castHash, seq: cast.seq, acknowledgement, sent: cast.sent });
    forgetChoices(receipt.meeting, receipt.entitlement);
    const checked = checkAcknowledgement(acknowledgement, receipt, receipt.ackKey);
    if (!checked.ok) return show({ at: 'unacknowledged', code: checked.refusal.code, castHash });
    keepReceipt(receipt);
    setVoted([...voted, paper.entitlement]);
    show({ at: 'receipt', papers, receipt });
  };
  return {
    view,
    show,
    votingKey,
    voted,
    accept,
    signedIn: (key: VotingKey, owner: SignedInOwner) => {
      setVotingKey(key);
      void openMeetings(owner, trust, show);
    },
    openPapers: (meeting: string) => void openPapers(meeting, trust, show),
    openReceipt: (papers: CheckedPapers, paper: CheckedPaper) => void openReceipt(papers, paper, show),
  };
}

/** Everything that the screens may do. */
export type Voting = ReturnType<typeof useVoting>;
