/** What the page says of a vote that the service had lost (SPEC 6.12). */
import { Status } from '../kit/status.tsx';
import type { Recovered } from './restoring.ts';
import { t } from './words.ts';

export function RecoveredStatus({ recovered }: { readonly recovered: Recovered }) {
  if (recovered.became === 'known') return null;
  if (recovered.became === 'lost')
    return (
      <Status kind="stop" title={t('recoveredLost')}>
        <p>{recovered.sentence}</p>
        <p>{t('recoveredLostText')}</p>
      </Status>
    );
  const isAgain = recovered.became === 'sent-again';
  return (
    <Status kind="wait" title={t(isAgain ? 'recoveredAgain' : 'recoveredHanded')}>
      <p>{t(isAgain ? 'recoveredAgainText' : 'recoveredHandedText')}</p>
    </Status>
  );
}
