/** The announcement of a result, preliminary or final, and the minutes of the meeting (SPEC 8.2; Regulation on property management §12). */
import { present } from '../../../base/assert.ts';
import type { ProposalTally } from '../../../record/tally-record.ts';
import { dayWords, timeWords } from '../../kit/times.ts';
import { AnnulledNote, annulmentIn, outcomeWords } from '../annulled.tsx';
import { Pairs } from '../meeting-page.tsx';
import type { ResultSectionProps } from '../result-section.tsx';
import { SilenceResult, silenceWords } from '../result-section.tsx';
import { t as pageWord } from '../words.ts';
import type { DocumentProps } from './document-frame.tsx';
import { DocumentFrame } from './document-frame.tsx';
import { t } from './document-words.ts';
import {
  areaShare,
  ChannelTable,
  headsShare,
  squareMetres,
  TestTable,
  WeightTable,
} from './result-tables.tsx';

/** A result's document; the meeting has one. */
export type ResultDocumentProps = DocumentProps & { readonly result: ResultSectionProps };

const SIGNERS = [t('sign_caller'), t('sign_counter'), t('sign_watcher'), t('sign_convener')];

type Conclusive = Pick<ResultSectionProps, 'titles' | 'annulments'>;

function conclusion(tally: ProposalTally, result: Conclusive): string {
  const known = result.titles[tally.proposal];
  const title = known?.title ?? tally.proposal;
  const outcome = outcomeWords(result, tally);
  const names = (ids: readonly string[]) => ids.map((id) => known?.options[id] ?? id).join('、');
  const lines = [
    tally.elected.length > 0
      ? t('conclusionElected', { title, outcome, names: names(tally.elected) })
      : t('conclusionOf', { title, outcome }),
    ...(tally.runOff.length > 0
      ? [t('conclusionRunOff', { title, outcome, names: names(tally.runOff) })]
      : []),
  ];
  return lines.join('；');
}

/** How many answers could not be read, by the reason; nobody is named. */
function invalidWords({ record }: ResultSectionProps, proposal: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const each of record.malformed)
    if (each.proposal === proposal) counts.set(each.code, (counts.get(each.code) ?? 0) + 1);
  return [...counts].map(([code, count]) => t('invalidText', { count, code }));
}

/** What changed the count besides the votes, and what was published before it was made again (SPEC 6.12, 8.2). */
function Changes({ result }: Pick<ResultDocumentProps, 'result'>) {
  const { record, former, titles } = result;
  const { voids, restored } = record;
  const before = former.map(({ proposals }, at) =>
    t('formerOf', {
      at: at + 1,
      conclusions: proposals.map((tally) => conclusion(tally, { titles, annulments: [] })).join('；'),
    }),
  );
  return (
    <>
      {voids > 0 && <p>{t('voids', { count: voids })}</p>}
      {restored > 0 && <p>{t('restored', { count: restored })}</p>}
      {former.length > 0 && <p>{t('recounted', { former: before.join('。') })}</p>}
    </>
  );
}

function Remarks({ view, result }: ResultDocumentProps) {
  const { record, stage, objections, decided } = result;
  const refused = record.refusals.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Changes result={result} />
      {view.pauses.map(({ pausedAt, resumedAt, reason }) => (
        <p key={pausedAt}>
          {pageWord('pausedPast', { from: timeWords(pausedAt), until: timeWords(resumedAt) })}
          {pageWord('pausedReason', { reason })}
        </p>
      ))}
      {record.corrections.length > 0 && <p>{t('corrections', { count: record.corrections.length })}</p>}
      {refused > 0 && (
        <p>
          {t('refusals', { count: refused })}（
          {record.refusals.map(({ code, count }) => t('refusalOf', { code, count })).join('；')}）
        </p>
      )}
      <p>{pageWord(`lettersFrom_${record.lettersFrom}`)}</p>
      {stage === 'preliminary' && view.objectionsUntil !== '' && (
        <p>{t('objectionsOpen', { until: timeWords(view.objectionsUntil) })}</p>
      )}
      <p>{t('objectionsDone', { count: objections, decided })}</p>
    </>
  );
}

export function AnnouncementDocument(props: ResultDocumentProps) {
  const { result, ...document } = props;
  const { view } = document;
  const { record, titles, stage } = result;
  return (
    <DocumentFrame {...document} heading={t(`announcement_${stage}`)} signedBy={SIGNERS}>
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('convener'), view.convener],
          [t('publishedOn'), dayWords(view.publishedOn)],
          [t('window'), t('windowText', { opens: timeWords(view.opens), closes: timeWords(view.closes) })],
        ]}
      />
      {record.proposals.map((tally, at) => {
        const proposal = present(
          view.proposals.find((each) => each.proposal === tally.proposal),
          'of the definition',
        );
        const invalid = invalidWords(result, tally.proposal);
        return (
          <section key={tally.proposal}>
            <h2>
              {t('at', { at: at + 1 })} {proposal.title}
            </h2>
            <Pairs
              rows={[
                [t('matters'), proposal.matters.join('、')],
                [t('scope'), proposal.scope],
                [t('rule'), proposal.rule],
              ]}
            />
            <WeightTable tally={tally} titles={titles} />
            {invalid.length > 0 && (
              <p>
                {t('invalid')}：{invalid.join('；')}
              </p>
            )}
            <TestTable tally={tally} titles={titles} />
            <SilenceResult tally={tally} label={proposal.title} />
            <p>
              <strong>{conclusion(tally, result)}</strong>
            </p>
            <AnnulledNote annulment={annulmentIn(result, tally.proposal)} />
          </section>
        );
      })}
      <h2>{t('participation')}</h2>
      {record.channels.length > 0 && <ChannelTable record={record} />}
      <Remarks {...props} />
    </DocumentFrame>
  );
}

export function MinutesDocument(props: ResultDocumentProps) {
  const { result, ...document } = props;
  const { view } = document;
  const { record, titles } = result;
  return (
    <DocumentFrame {...document} heading={t('minutes')} signedBy={SIGNERS}>
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('community'), view.communityName],
          [t('convener'), view.convener],
          [t('form'), t('formText')],
        ]}
      />
      <p>{t('minutesLead', { opens: timeWords(view.opens), closes: timeWords(view.closes) })}</p>
      {record.proposals.map((tally, at) => {
        const { total, participating } = tally;
        return (
          <section key={tally.proposal}>
            <h2>{t('minutesOf', { at: at + 1, title: titles[tally.proposal]?.title ?? tally.proposal })}</h2>
            <p>
              {t('minutesBase', {
                heads: total.heads,
                area: squareMetres(total.areaDm2),
                took: participating.heads,
                tookArea: squareMetres(participating.areaDm2),
                headsShare: headsShare(participating, total),
                areaShare: areaShare(participating, total),
              })}
            </p>
            <WeightTable tally={tally} titles={titles} />
            {tally.silence.length > 0 && <p>{silenceWords(tally)}</p>}
          </section>
        );
      })}
      <Remarks {...props} />
      <h2>{t('conclusion')}</h2>
      <ol>
        {record.proposals.map((tally) => (
          <li key={tally.proposal}>
            {conclusion(tally, result)}
            <AnnulledNote annulment={annulmentIn(result, tally.proposal)} />
          </li>
        ))}
      </ol>
    </DocumentFrame>
  );
}
