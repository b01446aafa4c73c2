/** After the close: whether the public list counts the statements whose receipts are on this device (SPEC 4.5). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { LogTrust } from '../../record/proof.ts';
import type { ParticipationAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { stateWord } from '../kit/words.ts';
import { HashGroups } from './hash-groups.tsx';
import type { Counted } from './receipt-checks.ts';
import { checkParticipation } from './receipt-checks.ts';
import type { KeptReceipt } from './receipts.ts';
import { receiptsOf } from './receipts.ts';
import { RecoveredStatus } from './recovered-status.tsx';
import type { Recovered } from './restoring.ts';
import { recoverLost } from './restoring.ts';
import { t } from './words.ts';

const LISTED: readonly string[] = ['preliminary', 'final'];
const OPEN: readonly string[] = ['open', 'paused'];

type Found =
  | { readonly at: 'loading' }
  | { readonly at: 'problem'; readonly sentence: string }
  | { readonly at: 'state'; readonly state: string; readonly list: ParticipationAnswer | undefined };

async function readList(meeting: string): Promise<Found> {
  const answer = await call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`);
  if (!answer.ok) return { at: 'problem', sentence: answer.problem.sentence };
  const { state } = answer.value;
  if (!LISTED.includes(state)) return { at: 'state', state, list: undefined };
  const list = await call<ParticipationAnswer>('GET', `/v1/meetings/${meeting}/participation`);
  return list.ok
    ? { at: 'state', state, list: list.value }
    : { at: 'problem', sentence: list.problem.sentence };
}

const WORDS = {
  counted: { kind: 'good', title: 'statusCounted', text: 'statusCountedText' },
  replaced: { kind: 'warn', title: 'statusReplaced', text: 'statusReplacedText' },
  missing: { kind: 'stop', title: 'statusMissing', text: 'statusMissingText' },
} as const satisfies Record<Counted, unknown>;

function CountedStatus({
  list,
  receipt,
  trust,
}: {
  list: ParticipationAnswer;
  receipt: KeptReceipt;
  trust: LogTrust;
}) {
  const checked = checkParticipation(list, receipt, trust);
  if (!checked.ok) {
    return (
      <Status kind="stop" title={t('statusUnverified')}>
        <p>{t('statusUnverifiedText', { code: checked.refusal.code })}</p>
      </Status>
    );
  }
  const { kind, title, text } = WORDS[checked.value];
  return (
    <Status kind={kind} title={t(title)}>
      <p>{t(text)}</p>
    </Status>
  );
}

export type StatusPageProps = { readonly meeting: string; readonly trust: LogTrust };

export function StatusPage({ meeting, trust }: StatusPageProps) {
  const [found, setFound] = useState<Found>({ at: 'loading' });
  const load = async () => setFound(await readList(meeting));
  // Once for a meeting.
  useEffect(() => void load(), [meeting]);
  const receipts = receiptsOf(meeting);
  const [recovered, setRecovered] = useState<ReadonlyMap<string, Recovered>>(new Map());
  const recover = async () => {
    const found = await Promise.all(
      receipts.map(async (each) => [each.entitlement, await recoverLost(each, trust)] as const),
    );
    setRecovered(new Map(found));
  };
  useEffect(() => void recover(), [meeting]);
  if (found.at === 'loading') return <p>{t('loading')}</p>;
  return (
    <>
      <h1>{t('statusTitle')}</h1>
      {found.at === 'problem' && <Status kind="stop" title={found.sentence} />}
      {found.at === 'state' && found.list === undefined && (
        <Status kind="wait" title={stateWord(found.state)}>
          <p>{t(OPEN.includes(found.state) ? 'statusOpen' : 'statusClosed')}</p>
        </Status>
      )}
      {receipts.length === 0 && (
        <Status kind="warn" title={t('statusNone')}>
          <p>{t('statusNoneText')}</p>
        </Status>
      )}
      {receipts.map((receipt) => (
        <section class="sheet" key={receipt.entitlement}>
          <p class="kicker">
            {receipt.communityName} · {receipt.title}
          </p>
          <h2>{receipt.units}</h2>
          {found.at === 'state' && found.list !== undefined && (
            <CountedStatus list={found.list} receipt={receipt} trust={trust} />
          )}
          <RecoveredStatus recovered={recovered.get(receipt.entitlement) ?? { became: 'known' }} />
          <p class="soft">{t('receiptHash')}</p>
          <HashGroups hash={receipt.castHash} />
        </section>
      ))}
      <div class="actions">
        <Button kind="quiet" onClick={() => void Promise.all([load(), recover()])}>
          {t('reload')}
        </Button>
        <Button kind="quiet" onClick={() => window.print()}>
          {t('receiptPrint')}
        </Button>
        <a class="button quiet" href={`/meetings/${meeting}`}>
          {t('statusResult')}
        </a>
      </div>
    </>
  );
}
