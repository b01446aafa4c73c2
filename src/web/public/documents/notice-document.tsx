/** The notice as it is posted: what is decided when, by which rule, and how to take part (Regulation on property management §12; SPEC 5). */
import { PlainText } from '../../kit/plain-text.tsx';
import { dayWords, timeWords } from '../../kit/times.ts';
import { Pairs } from '../meeting-page.tsx';
import type { DocumentProps } from './document-frame.tsx';
import { DocumentFrame } from './document-frame.tsx';
import { t } from './document-words.ts';

export function NoticeDocument(props: DocumentProps) {
  const { view, address } = props;
  const host = new URL(address).host;
  return (
    <DocumentFrame {...props} heading={t('notice')} signedBy={[t('sign_convener')]}>
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('community'), view.communityName],
          [t('convener'), view.convener],
          [t('publishedOn'), dayWords(view.publishedOn)],
          [t('window'), t('windowText', { opens: timeWords(view.opens), closes: timeWords(view.closes) })],
          [t('form'), t('formText')],
          [
            t('rolled'),
            view.roll === undefined
              ? t('noRoll')
              : t('rolledText', { root: view.roll.root, count: view.roll.size }),
          ],
        ]}
      />
      <h2>{t('noticeText')}</h2>
      <PlainText body={view.noticeText} />
      {view.hasOwnRules && <p>{t('ownRules')}</p>}
      <h2>{t('proposals')}</h2>
      {view.proposals.map((each, at) => (
        <section key={each.proposal}>
          <h3>
            {t('at', { at: at + 1 })} {each.title}
          </h3>
          <PlainText body={each.text} />
          {each.more.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <Pairs
            rows={[
              [t('matters'), each.matters.join('、')],
              [t('basis'), each.basis],
              [t('scope'), each.scope],
              [t('rule'), each.rule],
            ]}
          />
        </section>
      ))}
      {view.questions !== '' && (
        <>
          <h2>{t('questions')}</h2>
          <PlainText body={view.questions} />
        </>
      )}
      <h2>{t('howTitle')}</h2>
      <ol>
        <li>{t('how1', { host })}</li>
        <li>{t('how2')}</li>
        <li>{t('how3')}</li>
      </ol>
    </DocumentFrame>
  );
}
