/** The receipt: it waits for the log, verifies the proof, keeps both on the device and prints (SPEC 7.3). */
import { useEffect, useState } from 'preact/hooks';
import { showInstant } from '../../base/instant.ts';
import type { LogTrust, ProvenEntry } from '../../record/proof.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { OwnKeyOffer } from '../owner/passkey-offers.tsx';
import { HashGroups } from './hash-groups.tsx';
import { checkAcknowledgement, checkReceipt, isPromised } from './receipt-checks.ts';
import type { KeptReceipt } from './receipts.ts';
import { RecoveredStatus } from './recovered-status.tsx';
import type { Recovered } from './restoring.ts';
import { askReceipt, bringBack, keepProven } from './restoring.ts';
import { t } from './words.ts';

type Seen =
  | { readonly at: 'waiting' }
  | { readonly at: 'missed' }
  | { readonly at: 'recovered'; readonly recovered: Recovered }
  | {
      readonly at: 'logged';
      readonly proven: ProvenEntry;
      readonly isLast: boolean;
      readonly isVoid: boolean;
    }
  | {
      readonly at: 'wrong';
      readonly code: 'RECEIPT_ENTRY' | 'RECEIPT_PROOF' | 'ACK_SIGNATURE' | 'ACK_CLAIMS';
    };

const FIRST_WAIT_MS = 1500;
const LONGEST_WAIT_MS = 15_000;
/** This device's clock may be wrong by minutes, and a broken promise is a hard word. */
const PATIENCE_MS = 300_000;

/** One look at the served receipt; undefined where the log has not covered the cast yet. */
async function look(receipt: KeptReceipt, trust: LogTrust): Promise<Seen | undefined> {
  const answer = await askReceipt(receipt);
  const acknowledgement = checkAcknowledgement(receipt.acknowledgement, receipt, receipt.ackKey);
  if (!acknowledgement.ok) return { at: 'wrong', code: acknowledgement.refusal.code };
  if (!answer.ok) {
    const recovered = answer.problem.code === 'CAST_UNKNOWN' ? await bringBack(receipt) : undefined;
    if (recovered !== undefined && recovered.became !== 'known') return { at: 'recovered', recovered };
    const isOver = Date.now() > acknowledgement.value.includeBy * 1000 + PATIENCE_MS;
    // The service itself says so; who is offline knows nothing.
    return isOver && /^(RECEIPT_NOT_YET|CAST_UNKNOWN)$/.test(answer.problem.code)
      ? { at: 'missed' }
      : undefined;
  }
  const checked = checkReceipt(answer.value, receipt, trust);
  if (!checked.ok) return { at: 'wrong', code: checked.refusal.code };
  if (!isPromised(answer.value, acknowledgement.value)) return { at: 'wrong', code: 'RECEIPT_ENTRY' };
  keepProven(receipt, answer.value, checked.value.cosigners.length >= trust.quorum);
  return { at: 'logged', proven: checked.value, isLast: answer.value.isLast, isVoid: answer.value.isVoid };
}

/** Follows the log until a quorum of witnesses stands behind the cast. */
function useLogged(receipt: KeptReceipt, trust: LogTrust): Seen {
  const [seen, setSeen] = useState<Seen>({ at: 'waiting' });
  // One receipt, followed by its hash.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const follow = async (wait: number) => {
      const found = await look(receipt, trust);
      if (stopped) return;
      if (found !== undefined) setSeen(found);
      const isWhole = found?.at === 'logged' && found.proven.cosigners.length >= trust.quorum;
      // What was sent again is followed; what officers must restore, or nobody can, is not asked for every few seconds.
      const isOut = found?.at === 'recovered' && found.recovered.became !== 'sent-again';
      const isDone = found?.at === 'wrong' || isWhole || isOut;
      if (isDone) return;
      timer = setTimeout(() => void follow(Math.min(wait * 1.5, LONGEST_WAIT_MS)), wait);
    };
    void follow(FIRST_WAIT_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [receipt.castHash]);
  return seen;
}

function LogStatus({ seen, includeBy, trust }: { seen: Seen; includeBy: string; trust: LogTrust }) {
  if (seen.at === 'waiting')
    return <Status kind="wait" title={t('receiptWait', { at: timeWords(includeBy) })} />;
  if (seen.at === 'missed') return <Status kind="stop" title={t('receiptMissed')} />;
  if (seen.at === 'recovered') return <RecoveredStatus recovered={seen.recovered} />;
  if (seen.at === 'wrong') return <Status kind="stop" title={t(seen.code)} />;
  const cosigners = seen.proven.cosigners.length;
  const whole = cosigners >= trust.quorum;
  return (
    <Status kind={whole ? 'good' : 'wait'} title={t(whole ? 'receiptLogged' : 'receiptProvisional')}>
      <p>{t('receiptLoggedText', { index: seen.proven.index, cosigners })}</p>
      {!seen.isLast && <p>{t(seen.isVoid ? 'voided' : 'receiptReplaced')}</p>}
    </Status>
  );
}

export type ReceiptStepProps = {
  readonly receipt: KeptReceipt;
  readonly trust: LogTrust;
  /** Another entitlement that waits, if any. */
  readonly onNext: (() => void) | undefined;
  /** The letter that voted; undefined where a passkey did, or an earlier visit. */
  readonly letterSeed: Uint8Array | undefined;
};

export function ReceiptStep({ receipt, trust, onNext, letterSeed }: ReceiptStepProps) {
  const seen = useLogged(receipt, trust);
  const acknowledgement = checkAcknowledgement(receipt.acknowledgement, receipt, receipt.ackKey);
  const includeBy = acknowledgement.ok ? showInstant(acknowledgement.value.includeBy * 1000) : '';
  return (
    <>
      <h1>{t('receiptTitle')}</h1>
      {acknowledgement.ok ? (
        <Status kind="good" title={t('receiptLead')} />
      ) : (
        <Status kind="stop" title={t(acknowledgement.refusal.code)} />
      )}
      <section class="sheet">
        <dl class="pairs">
          <div>
            <dt>{t('receiptMeeting')}</dt>
            <dd>
              {receipt.communityName} · {receipt.title}
            </dd>
          </div>
          <div>
            <dt>{t('receiptUnits')}</dt>
            <dd>{receipt.units}</dd>
          </div>
        </dl>
        <h2 class="spaced">{t('receiptHash')}</h2>
        <HashGroups hash={receipt.castHash} />
      </section>
      <LogStatus seen={seen} includeBy={includeBy} trust={trust} />
      <p>{t('receiptKeep')}</p>
      {letterSeed !== undefined && onNext === undefined && <OwnKeyOffer letterSeed={letterSeed} />}
      <div class="actions">
        {onNext !== undefined && <Button onClick={onNext}>{t('nextPaper')}</Button>}
        <Button kind="quiet" onClick={() => window.print()}>
          {t('receiptPrint')}
        </Button>
        <a class="button quiet" href={`/vote/${receipt.meeting}`}>
          {t('toStatus')}
        </a>
      </div>
    </>
  );
}
