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

/** The objection is the service's word until the bundle is out: that it stands in the log and was upheld, `verify` proves (VOID-01). */
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
      onChecked(named?.decision === 'upheld');
    });
  }, [act.act]);
  if (!isRead) return <p role="status">{openedWord('loading')}</p>;
  if (found === undefined || entry.kind !== 'cast.voided' || found.decision === '')
    return <Status kind="stop" title={openedWord('hidden')} />;
  const place = found.units.map(unitWords).join('、');
  return (
    <>
      <p>{place === '' ? t('ofNobody') : t('of', { place })}</p>
      <blockquote class="wrap">{found.text}</blockquote>
      <p>{t('answer', { decision: t(found.decision), reason: found.reason })}</p>
      <p>{t(`reason_${entry.reason}`)}</p>
    </>
  );
}
