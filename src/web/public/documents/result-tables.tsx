/** A proposal's result as tables for paper: shares cut off, both sides of every inequality (SPEC 8.1). */
import { parseDecimal, showSquareMetres } from '../../../base/area.ts';
import { present } from '../../../base/assert.ts';
import type { ProposalTally, TallyRecord } from '../../../record/tally-record.ts';
import { percentWords } from '../../kit/percent-words.ts';
import { Scroll } from '../../kit/scroll.tsx';
import { InequalityTable } from '../inequality-table.tsx';
import type { ResultSectionProps } from '../result-section.tsx';
import { linesOf } from '../result-section.tsx';
import { t as pageWord } from '../words.ts';
import { t } from './document-words.ts';

export type Weight = { readonly heads: number; readonly areaDm2: string };

export const dm2 = (areaDm2: string): bigint => present(parseDecimal(areaDm2), 'a checked area');
export const squareMetres = (areaDm2: string): string => showSquareMetres(dm2(areaDm2));
export const headsShare = (part: Weight, of: Weight): string =>
  percentWords(BigInt(part.heads), BigInt(of.heads));
export const areaShare = (part: Weight, of: Weight): string =>
  percentWords(dm2(part.areaDm2), dm2(of.areaDm2));

type RowProps = { readonly name: string; readonly part: Weight; readonly of: Weight };

const WeightRow = ({ name, part, of }: RowProps) => (
  <tr>
    <th scope="row">{name}</th>
    <td class="number">{part.heads}</td>
    <td class="number">{headsShare(part, of)}</td>
    <td class="number">{squareMetres(part.areaDm2)}</td>
    <td class="number">{areaShare(part, of)}</td>
  </tr>
);

const WeightHead = () => (
  <thead>
    <tr>
      {(['row', 'heads', 'headsShare', 'area', 'areaShare'] as const).map((key) => (
        <th scope="col" key={key}>
          {t(key)}
        </th>
      ))}
    </tr>
  </thead>
);

type TallyProps = { readonly tally: ProposalTally; readonly titles: ResultSectionProps['titles'] };

/** Options of those who took part, those who took part of all. */
export function WeightTable({ tally, titles }: TallyProps) {
  const { options, participating, total, proposal } = tally;
  return (
    <Scroll label={`${titles[proposal]?.title ?? proposal} ${t('participation')}`}>
      <table>
        <caption>{t('ofTotal')}</caption>
        <WeightHead />
        <tbody>
          {options.map(({ option, ...part }) => (
            <WeightRow
              key={option}
              name={titles[proposal]?.options[option] ?? option}
              part={part}
              of={participating}
            />
          ))}
          <WeightRow name={t('participating')} part={participating} of={total} />
          <WeightRow name={t('total')} part={total} of={total} />
        </tbody>
      </table>
    </Scroll>
  );
}

export function TestTable({ tally, titles }: TallyProps) {
  const title = titles[tally.proposal]?.title ?? tally.proposal;
  return (
    <InequalityTable
      label={`${title} ${t('tests')}`}
      caption={`${t('tests')}。${pageWord('inequalityCaption')}`}
      lines={linesOf(tally)}
      isNamed
    />
  );
}

/** Participation by channel, never options by channel (SPEC 8.1). */
export function ChannelTable({ record }: { readonly record: TallyRecord }) {
  const all: Weight = {
    heads: record.channels.reduce((sum, { heads }) => sum + heads, 0),
    areaDm2: String(record.channels.reduce((sum, { areaDm2 }) => sum + dm2(areaDm2), 0n)),
  };
  return (
    <Scroll label={t('channels')}>
      <table>
        <caption>{t('channels')}</caption>
        <WeightHead />
        <tbody>
          {record.channels.map(({ channel, ...part }) => (
            <WeightRow key={channel} name={pageWord(`channel_${channel}`)} part={part} of={all} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
