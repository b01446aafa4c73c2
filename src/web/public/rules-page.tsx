/** The rules by which a community decides: own ones where it has any, over what the law fixes (SPEC 5.2). */
import type { SettingInForce } from '../../assembly/own-rules.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { PlainText } from '../kit/plain-text.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { Page } from '../kit/shell.tsx';
import { dayWords } from '../kit/times.ts';
import { choiceWords, t } from './rules-words.ts';
import { t as pageWord } from './words.ts';

export type RulesPageProps = {
  readonly community: string;
  readonly communityName: string;
  readonly profileName: string;
  /** Undefined where the community has no rules of its own. */
  readonly own:
    | {
        readonly hash: string;
        readonly adoptedOn: string;
        readonly text: string;
        readonly meeting: string;
        readonly document: string;
      }
    | undefined;
  readonly settings: readonly SettingInForce[];
  readonly demo: boolean;
};

const isFixed = (setting: SettingInForce): boolean => setting.isFixed;

function valueWords({ kind, name, value }: SettingInForce): string {
  if (kind === 'bool') return t(value === 'true' ? 'yes' : 'no');
  return kind === 'choice' ? choiceWords(name, value) : value;
}

function Own({ own }: { readonly own: NonNullable<RulesPageProps['own']> }) {
  return (
    <section class="sheet">
      <h2>{t('text')}</h2>
      <PlainText body={own.text} />
      <dl class="pairs">
        <div>
          <dt>{t('hash')}</dt>
          <dd class="mono">{hexGroups(own.hash, 16).join(' ')}</dd>
        </div>
        {own.meeting !== '' && (
          <div>
            <dt>{t('meeting')}</dt>
            <dd>
              <a href={`/meetings/${own.meeting}`}>{own.meeting}</a>
            </dd>
          </div>
        )}
        {own.document !== '' && (
          <div>
            <dt>{t('document')}</dt>
            <dd class="mono">{hexGroups(own.document, 16).join(' ')}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

export function RulesPage({ community, communityName, profileName, own, settings, demo }: RulesPageProps) {
  return (
    <Page name={pageWord('name')} home="/" demo={demo} foot={<a href="/">{pageWord('allMeetings')}</a>}>
      <p class="kicker">{communityName}</p>
      <h1>{t('title')}</h1>
      <p class="lead">{own === undefined ? t('none') : t('adopted', { on: dayWords(own.adoptedOn) })}</p>
      <p>{t('lead')}</p>
      {own !== undefined && <Own own={own} />}
      <Scroll label={t('table')}>
        <table>
          <caption>
            {t('table')} · {profileName}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('item')}</th>
              <th scope="col">{t('value')}</th>
              <th scope="col">{t('article')}</th>
            </tr>
          </thead>
          <tbody>
            {[...settings.filter(isFixed), ...settings.filter((each) => !isFixed(each))].map((each) => (
              <tr key={each.name}>
                <th scope="row">
                  {each.zh}
                  <br />
                  <span class="soft mono">{each.name}</span>
                </th>
                <td>
                  {valueWords(each)} {each.isFixed && <span class="tag">{t('own')}</span>}
                </td>
                <td>{each.article}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="no-print">{t('print')}</p>
      <p class="no-print">
        <a href={`/communities/${community}/requisitions`}>{pageWord('requisitionsOfOne')}</a>
      </p>
    </Page>
  );
}
