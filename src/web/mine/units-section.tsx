/** What the register says of the owner: his name masked, his units and their areas (SPEC 4.5). */
import type { MeAnswer } from '../../identity/contract.ts';
import { areaWords, unitWords } from '../kit/unit-words.ts';
import { t } from './words.ts';

export function UnitsSection({ me }: { readonly me: MeAnswer }) {
  return (
    <section class="sheet">
      <h2>{t('yourUnits')}</h2>
      <p>
        {me.name} · {me.communityName}
      </p>
      <ul class="plain-list">
        {me.units.map((each) => (
          <li key={each.unit}>
            {unitWords(each)}：{t('areaUnit', { area: areaWords(each.areaDm2) })}
          </li>
        ))}
      </ul>
      <p>{t('unitsWrong')}</p>
    </section>
  );
}
