/** The result: every number and both sides of every inequality, as tables (SPEC 8.1, 8.2). */
import { parseDecimal, showSquareMetres } from '../../base/area.ts';
import type { ProposalTally, TallyRecord } from '../../record/tally-record.ts';
import { Scroll } from '../kit/scroll.tsx';
import type { Annulments } from './annulled.tsx';
import { AnnulledNote, annulmentIn, outcomeWords } from './annulled.tsx';
import type { InequalityLine } from './inequality-table.tsx';
import { InequalityTable } from './inequality-table.tsx';
import { t } from './words.ts';

export type ResultSectionProps = Annulments & {
  readonly stage: 'preliminary' | 'final';
  readonly record: TallyRecord;
  /** Titles and option texts by proposal. */
  readonly titles: Readonly<
    Record<string, { readonly title: string; readonly options: Readonly<Record<string, string>> }>
  >;
  /** Versions that a recount replaced, the first one first. */
  readonly former: readonly TallyRecord[];
  readonly objections: number;
  readonly decided: number;
};

const area = (areaDm2: string): string => showSquareMetres(parseDecimal(areaDm2) ?? 0n);

type Row = { readonly name: string; readonly heads: number; readonly areaDm2: string };

type WeightTableProps = { readonly title: string; readonly caption: string; readonly rows: readonly Row[] };

function WeightTable({ title, caption, rows }: WeightTableProps) {
  return (
    <Scroll label={`${title} ${caption}`}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('option')}</th>
            <th scope="col">{t('headsCount')}</th>
            <th scope="col">{t('areaSquare')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, heads, areaDm2 }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{heads}</td>
              <td class="number">{area(areaDm2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The inequalities of all classes of a proposal. */
export const linesOf = (tally: Pick<ProposalTally, 'classes'>): readonly InequalityLine[] =>
  tally.classes.flatMap((each) => each.inequalities.map((line) => ({ ...line, name: each.class })));

/** What a clause of silence did: both counts, and which of them decides (SPEC 8.1). */
export function silenceWords({ silence: [silence], outcome }: ProposalTally): string {
  if (silence === undefined) return '';
  const { heads, areaDm2, side, participating, consenting } = silence;
  return t('silenceText', {
    heads,
    area: area(areaDm2),
    side: t(`silence_${side}`),
    strictHeads: participating.heads,
    strictArea: area(participating.areaDm2),
    strictYesHeads: consenting.heads,
    strictYesArea: area(consenting.areaDm2),
    strict: t(`outcome_${silence.outcome}`),
    deemed: t(`outcome_${outcome}`),
  });
}

type SilenceProps = { readonly tally: ProposalTally; readonly label: string };

/** Both sides of every inequality without those who were silent; nothing where no clause counts. */
export function SilenceResult({ tally, label }: SilenceProps) {
  const [silence] = tally.silence;
  if (silence === undefined) return null;
  return (
    <>
      <h4>{t('silenceTitle')}</h4>
      <p>{silenceWords(tally)}</p>
      <InequalityTable
        label={`${label} ${t('silenceCaption')}`}
        caption={t('silenceCaption')}
        lines={linesOf(silence)}
      />
    </>
  );
}

type ProposalResultProps = Pick<ResultSectionProps, 'titles' | 'annulments'> & {
  readonly tally: ProposalTally;
  /** Of which count, where it is not the last: tables of two counts are told apart by their labels. */
  readonly count?: string;
};

function ProposalResult({ tally, titles, annulments, count = '' }: ProposalResultProps) {
  const known = titles[tally.proposal];
  const title = known?.title ?? tally.proposal;
  const nameOf = (option: string): string => known?.options[option] ?? option;
  const annulment = annulmentIn({ annulments }, tally.proposal);
  const stands = tally.outcome === 'ADOPTED' && annulment === undefined;
  return (
    <section class="sheet">
      <h3>{title}</h3>
      <p>
        <strong class={stands ? 'tag good' : 'tag stop'}>
          {stands ? '✓' : '✕'} {outcomeWords({ annulments }, tally)}
        </strong>
      </p>
      <AnnulledNote annulment={annulment} />
      {tally.elected.length > 0 && <p>{t('elected', { names: tally.elected.map(nameOf).join('、') })}</p>}
      {tally.runOff.length > 0 && <p>{t('runOff', { names: tally.runOff.map(nameOf).join('、') })}</p>}
      <WeightTable
        title={`${count}${title}`}
        caption={t('optionsCaption')}
        rows={[
          ...tally.options.map(({ option, heads, areaDm2 }) => ({ name: nameOf(option), heads, areaDm2 })),
          { name: t('participatingRow'), ...tally.participating },
          { name: t('totalRow'), ...tally.total },
        ]}
      />
      <InequalityTable
        label={`${count}${title} ${t('inequalityCaption')}`}
        caption={t('inequalityCaption')}
        lines={linesOf(tally)}
      />
      <SilenceResult tally={tally} label={`${count}${title}`} />
    </section>
  );
}

/** What was published before a void or a restored cast took it back: every version stays to be read (SPEC 8.2). */
function FormerResults({ former, titles }: Pick<ResultSectionProps, 'former' | 'titles'>) {
  return (
    <>
      {former.map((record, at) => (
        <details class="sheet" key={`${record.voids} ${record.restored}`}>
          <summary>{t('formerTitle', { at: at + 1 })}</summary>
          <p>{t('formerLead')}</p>
          {record.proposals.map((tally) => (
            <ProposalResult
              key={tally.proposal}
              tally={tally}
              titles={titles}
              annulments={[]}
              count={t('formerTitle', { at: at + 1 })}
            />
          ))}
        </details>
      ))}
    </>
  );
}

export function ResultSection(props: ResultSectionProps) {
  const { stage, record, titles, former, objections, decided, annulments } = props;
  return (
    <section>
      <h2>{t(stage === 'final' ? 'finalTitle' : 'preliminaryTitle')}</h2>
      <p>{t(stage === 'final' ? 'certificateText' : 'preliminaryLead')}</p>
      {objections > 0 && <p>{t('objectionsText', { count: objections, decided })}</p>}
      {record.voids > 0 && <p>{t('voids', { count: record.voids })}</p>}
      {record.restored > 0 && <p>{t('restored', { count: record.restored })}</p>}
      <p>{t('lateChanges', { letters: record.lateLetters, keys: record.counterBindings })}</p>
      <p>{t(`lettersFrom_${record.lettersFrom}`)}</p>
      {record.proposals.map((tally) => (
        <ProposalResult key={tally.proposal} tally={tally} titles={titles} annulments={annulments} />
      ))}
      {record.channels.length > 0 && (
        <div class="sheet">
          <WeightTable
            title={t('participatingRow')}
            caption={t('channels')}
            rows={record.channels.map(({ channel, heads, areaDm2 }) => ({
              name: t(`channel_${channel}`),
              heads,
              areaDm2,
            }))}
          />
        </div>
      )}
      <FormerResults former={former} titles={titles} />
    </section>
  );
}
