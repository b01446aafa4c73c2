/** What the server renders of the owner's own page: it stands until scripts run, and says so where they cannot. */
import { OwnerFrame } from '../owner/owner-frame.tsx';
import { t } from './words.ts';

export function MineLoading() {
  return (
    <OwnerFrame>
      <h1>{t('mineTitle')}</h1>
      <p>{t('loading')}</p>
      <noscript>
        <p class="status stop">{t('mineNeedScript')}</p>
      </noscript>
    </OwnerFrame>
  );
}
