/** The fund by building for those who oversee it, with its file, and the regulator's line for each community; nobody's name (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { BuildingsAnswer } from '../../../fund/oversight-contract.ts';
import type { OfficerAnswer } from '../../../officers/contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Scroll } from '../../kit/scroll.tsx';
import { Status } from '../../kit/status.tsx';
import { dayWords } from '../../kit/times.ts';
import { areaWords } from '../../kit/unit-words.ts';
import { t } from './buildings-words.ts';
import { FundsPart } from './funds-part.tsx';

type Figures = BuildingsAnswer['whole'];

/** An amount, and under it what a square metre has. */
function Amount({ fen, perM2 }: { readonly fen: string; readonly perM2?: string | undefined }) {
  return (
    <td class="number keep">
      {yuanWords(fen)}
      {perM2 !== undefined && (
        <>
          <br />
          <span class="soft">{t('perM2', { yuan: yuanWords(perM2) })}</span>
        </>
      )}
    </td>
  );
}

function FiguresRow(props: {
  readonly name: string;
  readonly figures: Figures;
  readonly hasClaims: boolean;
}) {
  const { name, figures, hasClaims } = props;
  const perM2 = figures.perSquareMetre;
  return (
    <tr>
      <th scope="row" class="keep">
        {name}
      </th>
      <td class="number">{figures.units}</td>
      <td class="number">{areaWords(figures.areaDm2)}</td>
      <Amount fen={figures.availableFen} perM2={perM2?.availableFen} />
      <Amount fen={figures.heldFen} perM2={perM2?.heldFen} />
      <td class="number">{figures.below}</td>
      {hasClaims && <Amount fen={figures.claimFen} />}
      <Amount fen={figures.depositedFen} perM2={perM2?.depositedFen} />
      <Amount fen={figures.interestFen} />
      <Amount fen={figures.workFen} perM2={perM2?.workFen} />
      <Amount fen={figures.refundedFen} />
    </tr>
  );
}

function FiguresTable({ buildings, whole }: BuildingsAnswer) {
  const hasClaims = whole.claimFen !== '0';
  const columns = [
    'building',
    'units',
    'area',
    'available',
    'held',
    'below',
    ...(hasClaims ? (['claim'] as const) : []),
    'deposited',
    'interest',
    'work',
    'refunded',
  ] as const;
  return (
    <Scroll label={t('title')}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class="keep" key={column}>
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buildings.map((each) => (
            <FiguresRow key={each.building} name={each.building} figures={each} hasClaims={hasClaims} />
          ))}
          <FiguresRow name={t('whole')} figures={whole} hasClaims={hasClaims} />
        </tbody>
      </table>
    </Scroll>
  );
}

function Notes({ book }: { readonly book: BuildingsAnswer }) {
  const { whole } = book;
  return (
    <>
      <p>{t('workLead', { payable: yuanWords(book.payableFen), paid: yuanWords(book.paidFen) })}</p>
      <p>
        {t('bankLead', {
          bank: yuanWords(book.bankFen),
          interest: yuanWords(book.interestUndistributedFen),
          unidentified: yuanWords(book.depositUnidentifiedFen),
        })}
      </p>
      {whole.claimFen !== '0' && <p>{t('claimLead')}</p>}
      <p>
        {t('belowLead')}
        {whole.unknown > 0 && t('unknown', { count: whole.unknown })}
      </p>
    </>
  );
}

export type BuildingsSectionProps = { readonly base: string; readonly officer: OfficerAnswer };

export function BuildingsSection({ base, officer }: BuildingsSectionProps) {
  const [book, setBook] = useState<BuildingsAnswer | 'none'>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<BuildingsAnswer>('GET', `${base}/buildings`).then((answer) => {
      if (answer.ok) setBook(answer.value);
      // A community without a book is no fault.
      else if (answer.problem.code === 'FUND_BOOK_MISSING') setBook('none');
      else setProblem(answer.problem.sentence);
    });
  }, [base]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {book === 'none' && <p>{t('noBook')}</p>}
      {book !== undefined && book !== 'none' && (
        <>
          <p>{t('lead', { seq: book.lastSeq, on: dayWords(book.lastBookedOn) })}</p>
          <FiguresTable {...book} />
          <Notes book={book} />
          <p>
            <a class="button quiet" href={`${base}/buildings/file`} download>
              {t('download')}
            </a>
          </p>
        </>
      )}
      {officer.role === 'regulator' && <FundsPart />}
    </section>
  );
}
