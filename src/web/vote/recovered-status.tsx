/** What the page says of a vote that the service had lost (SPEC 6.12). */
import { Status } from '../kit/status.tsx';
import type { Recovered } from './restoring.ts';
import { t } from './words.ts';

export function RecoveredStatus({ recovered }: { readonly recovered: Recovered }) {
  if (recovered.became === 'known') return null;
  if (recovered.became === 'lost')
    return (
      <Status kind="stop" title={t('recoveredLost')}>
        <p>
          {recovered.sentence} {t('statusMissingText')}
        </p>
      </Status>
    );
  const word = recovered.became === 'handed-in' ? 'recoveredHanded' : 'recoveredAgain';
  return (
    <Status kind="wait" title={t(word)}>
      <p>{t(`${word}Text`)}</p>
    </Status>
  );
}
