/** What the server renders of the console. */
import { ConsoleFrame } from './console-frame.tsx';
import { t } from './words.ts';

export function ConsoleLoading() {
  return (
    <ConsoleFrame>
      <h1>{t('name')}</h1>
      <p>{t('loading')}</p>
      <noscript>
        <p class="status stop">{t('needScript')}</p>
      </noscript>
    </ConsoleFrame>
  );
}
