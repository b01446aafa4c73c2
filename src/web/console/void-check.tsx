/** Before a void is signed: the objection it follows from, its answer, and the unit whose vote it takes (SPEC 6.7). */
import { useEffect, useState } from 'preact/hooks';
import type { ObjectionsAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './objections-words.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';

type Shown = ObjectionsAnswer['objections'][number];

/**
 * The objection and whose home it is are the service's word until the bundle is out: that it stands in the log, was upheld and condemns
 * this statement, `verify` proves (VOID-01). What is taken is always named, since it may be another home than the objector's.
 */
export function VoidCheck({ act, entry, onChecked }: CheckProps) {
  const [found, setFound] = useState<Shown>();
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    void call<ObjectionsAnswer>('GET', `/v1/meetings/${act.meeting}/objections`).then((answer) => {
      const named =
        answer.ok && entry.kind === 'cast.voided' && entry.prev === entry.voids
          ? answer.value.objections.find(({ objection }) => objection === entry.objection)
          : undefined;
      setFound(named);
      setRead(true);
      onChecked(named !== undefined && takenBy(named, entry) !== undefined);
    });
  }, [act.act]);
  if (!isRead) return <p role="status">{openedWord('loading')}</p>;
  const taken = found === undefined ? undefined : takenBy(found, entry);
  if (found === undefined || taken === undefined || entry.kind !== 'cast.voided' || found.decision === '')
    return <Status kind="stop" title={openedWord('hidden')} />;
  const objector = found.units.map(unitWords).join('、');
  const place = taken.units.map(unitWords).join('、');
  return (
    <>
      <Status kind="warn" title={t('takes', { place })}>
        {place !== objector && <p>{t('takesOther')}</p>}
        <p>{t(`reason_${entry.reason}`)}</p>
      </Status>
      <p>{objector === '' ? t('ofNobody') : t('of', { place: objector })}</p>
      <blockquote class="wrap">{found.text}</blockquote>
      <p>{t('answer', { decision: t(found.decision), reason: found.reason })}</p>
    </>
  );
}

/** The condemned statement that an entry voids, with its units; undefined where the decision names no such one. */
const takenBy = ({ condemned }: Shown, entry: CheckProps['entry']): Shown['condemned'][number] | undefined =>
  entry.kind === 'cast.voided'
    ? condemned.find(({ hash, entitlement }) => hash === entry.voids && entitlement === entry.entitlement)
    : undefined;
