/** The way out of a browser inside another program: the address to copy, without any code (docs/decisions/pages.md). */
import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { isInApp } from './in-app.ts';
import { t } from './words.ts';

/** An offer, never a wall; it shows nothing in a browser of its own. */
export function HandOver() {
  const [copied, setCopied] = useState<boolean>();
  if (!isInApp()) return null;
  const address = `${location.origin}/e`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <section class="sheet">
      <h2>{t('inAppTitle')}</h2>
      <p>{t('inAppLead')}</p>
      <Button kind="quiet" onClick={() => void copy()}>
        {t('copyLink')}
      </Button>
      {copied === true && <p role="status">{t('copied')}</p>}
      {copied === false && (
        <div class="field">
          <label for="hand-over">{t('copyByHand')}</label>
          <input
            id="hand-over"
            type="text"
            readOnly
            value={address}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
      )}
    </section>
  );
}
