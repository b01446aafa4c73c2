/** How an owner has his data corrected, or erased once he is none any more (docs/personal-information.md; PIPL §44–§47). */
import type { MeAnswer } from '../../identity/contract.ts';
import { t } from './personal-words.ts';

export function PersonalSection({ me }: { readonly me: MeAnswer }) {
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <p>{t('correct')}</p>
      <h3>{t('howTitle')}</h3>
      <p>{t('how')}</p>
      <p>
        {t('code')}：<code>{me.person}</code>
      </p>
      <ul>
        <li>{t('soon')}</li>
        <li>{t('later')}</li>
        <li>{t('stays')}</li>
      </ul>
    </section>
  );
}
