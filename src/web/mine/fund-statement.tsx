/** The statement of one unit's account, on the screen and on paper: each entry in plain words, with the resolution behind a charge (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { StatementAnswer } from '../../fund/contract.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { useTopOf } from '../kit/shell.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { areaWords, unitWords } from '../kit/unit-words.ts';
import type { OpenedAccount, OwnCharge } from './fund-section.tsx';
import { t } from './fund-words.ts';
import { TopUpNote } from './top-up-note.tsx';

type Line = StatementAnswer['lines'][number];

/** `+1,000.00` or `−1,000.00` of a signed decimal text in fen. */
const signedYuan = (fen: string): string =>
  fen.startsWith('-') ? `−${yuanWords(fen.slice(1))}` : `+${yuanWords(fen)}`;

function Charge({ charge, share }: { readonly charge: OwnCharge; readonly share: Line['share'] }) {
  return (
    <>
      <p>
        {charge.meeting === '' ? (
          charge.title
        ) : (
          <>
            {t('resolution')}
            <a href={`/meetings/${charge.meeting}`}>{charge.title === '' ? t('noTitle') : charge.title}</a>
          </>
        )}
      </p>
      <p>{t('use', { purpose: charge.purpose, payee: charge.payee })}</p>
      {share !== null && (
        <p>
          {t('share', {
            total: yuanWords(share.totalFen),
            area: areaWords(share.areaDm2),
            totalArea: areaWords(share.totalAreaDm2),
            amount: yuanWords(share.amountFen),
          })}
        </p>
      )}
    </>
  );
}

function Row({ line, charge }: { readonly line: Line; readonly charge: OwnCharge | undefined }) {
  const { seq, kind, bookedOn, reference, logIndex, share } = line;
  return (
    <tr>
      <td>
        <p>
          {dayWords(bookedOn)} <strong>{t(`kind_${kind}` as 'kind_deposit')}</strong>
        </p>
        {charge !== undefined && <Charge charge={charge} share={share} />}
        {charge === undefined && reference !== '' && <p>{t('reference', { reference })}</p>}
        <p class="soft">
          {t('seq', { seq })}
          {logIndex !== null && t('logged', { at: logIndex })}
        </p>
      </td>
      <td class="number">
        {line.availableFen !== '0' && <p>{t('available', { yuan: signedYuan(line.availableFen) })}</p>}
        {line.heldFen !== '0' && <p>{t('held', { yuan: signedYuan(line.heldFen) })}</p>}
      </td>
      <td class="number">
        <p>{t('available', { yuan: yuanWords(line.availableAfterFen) })}</p>
        <p>{t('held', { yuan: yuanWords(line.heldAfterFen) })}</p>
      </td>
    </tr>
  );
}

function Lines({ lines, charges }: Pick<StatementAnswer, 'lines'> & Pick<OpenedAccount, 'charges'>) {
  if (lines.length === 0) return <p>{t('empty')}</p>;
  return (
    <Scroll label={t('sheetTitle')}>
      <table>
        <thead>
          <tr>
            {(['what', 'change', 'after'] as const).map((name) => (
              <th scope="col" key={name}>
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row
              key={line.seq}
              line={line}
              charge={charges.find(({ authorisation }) => authorisation === line.authorisation)}
            />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export type FundStatementProps = OpenedAccount & {
  readonly communityName: string;
  readonly onBack: () => void;
};

export function FundStatement({ account, charges, communityName, onBack }: FundStatementProps) {
  const [statement, setStatement] = useState<StatementAnswer>();
  const [problem, setProblem] = useState<string>();
  useTopOf(account.unit);
  useEffect(() => {
    void call<StatementAnswer>('GET', `/v1/owners/me/fund/units/${account.unit}`).then((answer) =>
      answer.ok ? setStatement(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [account.unit]);
  const place = { community: communityName, unit: unitWords(account) };
  return (
    <article class="document">
      <h1>{t('sheetTitle')}</h1>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {problem === undefined && statement === undefined && <p role="status">{t('loading')}</p>}
      {statement !== undefined && (
        <>
          <p>{t('sheetLead', { ...place, on: dayWords(statement.asOf) })}</p>
          <p>
            <strong>{t('total', { yuan: yuanWords(statement.totalFen) })}</strong>
          </p>
          <TopUpNote topUp={account.topUp} />
          <Lines lines={statement.lines} charges={charges} />
          <p>{t('explain')}</p>
          <p>{t('wrong')}</p>
        </>
      )}
      <div class="actions row">
        <Button disabled={statement === undefined} onClick={() => window.print()}>
          {t('print')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </article>
  );
}
