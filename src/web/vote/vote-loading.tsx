/** What the server renders of the voting page: it stands until scripts run, and says so where they cannot. */

import { VoteFrame } from './vote-frame.tsx';
import { t } from './words.ts';

export function VoteLoading() {
  return (
    <VoteFrame>
      <h1>{t('name')}</h1>
      <p>{t('loading')}</p>
      <noscript>
        <p class="status stop">{t('needScript')}</p>
      </noscript>
    </VoteFrame>
  );
}
