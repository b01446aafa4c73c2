/** What the server renders of the voting page: it stands until scripts run, and says so where they cannot. */

import { OwnerFrame } from '../owner/owner-frame.tsx';
import { t } from './words.ts';

export function VoteLoading() {
  return (
    <OwnerFrame>
      <h1>{t('name')}</h1>
      <p>{t('loading')}</p>
      <noscript>
        <p class="status stop">{t('needScript')}</p>
      </noscript>
    </OwnerFrame>
  );
}
