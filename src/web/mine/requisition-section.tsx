/** Owners demand a meeting: what stands, where it stands, and the form that files another one (SPEC 5.4). */
import { useEffect, useState } from 'preact/hooks';
import type { OwnRequisitions } from '../../assembly/requisition-contract.ts';
import { parseDecimal } from '../../base/area.ts';
import type { Support } from '../../record/requisition.ts';
import { requisitionForm } from '../../record/requisition.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field, LongField } from '../kit/field.tsx';
import { percentWords } from '../kit/percent-words.ts';
import { PlainText } from '../kit/plain-text.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { areaWords } from '../kit/unit-words.ts';
import type { ReadRequisition } from './own-requisitions.ts';
import { newRequisition, PATH, readRequisitions, stand } from './own-requisitions.ts';
import { t } from './requisition-words.ts';
import type { SectionProps } from './section-props.ts';

/** What the owner is about to sign. */
type Asked = { readonly bytes: Uint8Array; readonly stands: Support['stands']; readonly isNew: boolean };
type Told = { readonly isGood: boolean; readonly sentence: string };
type AskProps = { readonly onAsk: (asked: Asked) => void };

const dm2 = (areaDm2: string): bigint => parseDecimal(areaDm2) ?? 0n;

function Course({ listed }: Pick<ReadRequisition, 'listed'>) {
  const { reachedAt, answer, answeredAt, answeredBy, reason, street, waitsFor, isOverdue } = listed;
  if (reachedAt === '') return null;
  const isForStreet = waitsFor === 'street';
  const waiting = isForStreet
    ? t(isOverdue ? 'overdueStreet' : 'waitsStreet', { at: timeWords(answeredAt) })
    : t(isOverdue ? 'overdue' : 'reached', { at: timeWords(reachedAt) });
  return (
    <>
      {answer !== '' && answeredBy !== '' && (
        <Word words={t(answer, { by: t(answeredBy), at: timeWords(answeredAt) })} reason={reason} />
      )}
      {street.answer !== '' && (
        <Word
          words={t(`second_${street.answer}`, { at: timeWords(street.answeredAt) })}
          reason={street.reason}
        />
      )}
      {waitsFor !== '' && (
        <p>
          <strong>{waiting}</strong>
        </p>
      )}
    </>
  );
}

function Word({ words, reason }: { readonly words: string; readonly reason: string }) {
  return (
    <>
      <p>
        <strong>{words}</strong>
      </p>
      <PlainText body={t('reason', { reason })} />
    </>
  );
}

function Demand({ listed, given, bytes, onAsk }: ReadRequisition & AskProps) {
  const { heads, totalHeads, areaDm2, totalAreaDm2, isJoined, answer } = listed;
  return (
    <li class="sheet">
      <h3>{given.title}</h3>
      <PlainText body={given.text} />
      <p>
        {t('sums', {
          heads,
          totalHeads,
          headsShare: percentWords(BigInt(heads), BigInt(totalHeads)),
          area: areaWords(areaDm2),
          totalArea: areaWords(totalAreaDm2),
          areaShare: percentWords(dm2(areaDm2), dm2(totalAreaDm2)),
        })}
      </p>
      <Course listed={listed} />
      {isJoined && <p>✓ {t('joined')}</p>}
      {answer === '' && (
        <Button
          kind={isJoined ? 'quiet' : 'main'}
          onClick={() => onAsk({ bytes, stands: isJoined ? 'left' : 'joined', isNew: false })}
        >
          {t(isJoined ? 'leave' : 'join')}
        </Button>
      )}
    </li>
  );
}

function DemandForm({ community, onAsk }: AskProps & { readonly community: string }) {
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const isWhole = title.trim() !== '' && text.trim() !== '';
  return (
    <details>
      <summary>{t('add')}</summary>
      <Field label={t('name')} value={title} maxLength={100} onValue={setTitle} />
      <LongField label={t('text')} hint={t('textHint')} value={text} onValue={setText} rows={5} />
      <Button
        disabled={!isWhole}
        onClick={() =>
          onAsk({ bytes: newRequisition(community, title, text), stands: 'joined', isNew: true })
        }
      >
        {t('file')}
      </Button>
    </details>
  );
}

type ConfirmProps = {
  readonly asked: Asked | undefined;
  readonly busy: boolean;
  readonly onYes: (asked: Asked) => void;
  readonly onNo: () => void;
};

function Confirm({ asked, busy, onYes, onNo }: ConfirmProps) {
  const title = asked === undefined ? '' : requisitionForm.own(asked.bytes).title;
  const word = asked?.isNew === true ? 'fileTitle' : asked?.stands === 'left' ? 'leaveTitle' : 'joinTitle';
  return (
    <Dialog title={t(word, { title })} open={asked !== undefined} onClose={onNo}>
      <p>{t('confirm')}</p>
      <div class="actions">
        <Button busy={busy} onClick={() => asked !== undefined && onYes(asked)}>
          {t('yes')}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={onNo}>
          {t('no')}
        </Button>
      </div>
    </Dialog>
  );
}

function doneWords({ isNew, stands }: Asked, isReached: boolean): string {
  if (isReached) return t('nowReached');
  if (isNew) return t('filed');
  return t(stands === 'joined' ? 'nowJoined' : 'nowLeft');
}

export function RequisitionSection({ owner, votingKey }: Pick<SectionProps, 'owner' | 'votingKey'>) {
  const [known, setKnown] = useState<OwnRequisitions['requisitions']>();
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>();
  // A form that was sent is a new one.
  const [round, setRound] = useState(0);
  const load = async () => {
    const answer = await call<OwnRequisitions>('GET', PATH);
    if (answer.ok) setKnown(answer.value.requisitions);
    else setTold({ isGood: false, sentence: answer.problem.sentence });
  };
  useEffect(() => void load(), []);
  const send = async (wanted: Asked) => {
    setBusy(true);
    const answer = await stand({ owner, votingKey }, wanted.bytes, wanted.stands, wanted.isNew);
    setBusy(false);
    setAsked(undefined);
    const sentence = answer.ok ? doneWords(wanted, answer.value.isReached === true) : answer.problem.sentence;
    setTold({ isGood: answer.ok, sentence });
    if (answer.ok && wanted.isNew) setRound((old) => old + 1);
    await load();
  };
  if (known === undefined && told === undefined) return null;
  const read = readRequisitions(known ?? [], owner.community);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {told !== undefined && <Status kind={told.isGood ? 'good' : 'warn'} title={told.sentence} />}
      {read.length < (known?.length ?? 0) && <Status kind="warn" title={t('unlike')} />}
      <ul class="plain-list">
        {read.map((each) => (
          <Demand key={each.given.requisition} {...each} onAsk={setAsked} />
        ))}
      </ul>
      <DemandForm key={round} community={owner.community} onAsk={setAsked} />
      <Confirm
        asked={asked}
        busy={busy}
        onYes={(wanted) => void send(wanted)}
        onNo={() => setAsked(undefined)}
      />
    </section>
  );
}
