/** The regulator's list of funds, one line for each community that he acts in (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { FundsAnswer } from '../../../fund/oversight-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Scroll } from '../../kit/scroll.tsx';
import { Status } from '../../kit/status.tsx';
import { t } from './buildings-words.ts';

type Fund = FundsAnswer['funds'][number];

const COLUMNS = ['community', 'balance', 'open', 'late', 'anomalies', 'available', 'held'] as const;

function FundRow({ fund }: { readonly fund: Fund }) {
  return (
    <tr>
      <th scope="row" class="keep">
        {fund.name}
        {fund.lastBookedOn === '' && <span class="soft"> {t('noBookShort')}</span>}
      </th>
      <td class="number keep">{yuanWords(fund.balanceFen)}</td>
      <td class="number">{fund.openAuthorisations}</td>
      <td class="number">{fund.lateMonths}</td>
      <td class="number">{fund.anomalies}</td>
      <td class="number keep">{yuanWords(fund.availableFen)}</td>
      <td class="number keep">{yuanWords(fund.heldFen)}</td>
    </tr>
  );
}

export function FundsPart() {
  const [funds, setFunds] = useState<readonly Fund[]>();
  const [hasMore, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const read = async (known: readonly Fund[]) => {
    const answer = await call<FundsAnswer>('GET', `/v1/funds?after=${known.length}`);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setFunds([...known, ...answer.value.funds]);
    setMore(answer.value.more);
  };
  useEffect(() => void read([]), []);
  return (
    <>
      <h3>{t('fundsTitle')}</h3>
      <p>{t('fundsLead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {funds?.length === 0 && <p>{t('fundsNone')}</p>}
      {funds !== undefined && funds.length > 0 && (
        <Scroll label={t('fundsTitle')}>
          <table>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th scope="col" class="keep" key={column}>
                    {t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {funds.map((fund) => (
                <FundRow key={fund.community} fund={fund} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {hasMore && (
        <Button kind="quiet" onClick={() => void read(funds ?? [])}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
