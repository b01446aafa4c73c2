/** The sheets of a print run, one to a page, the address where the window of a DL or C5 envelope is (SPEC 3.7). */
import { useEffect, useState } from 'preact/hooks';
import type { SheetsAnswer } from '../../notice/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './notice-words.ts';

export type NoticePrintProps = {
  readonly community: { readonly community: string; readonly name: string };
  readonly run: string;
  readonly onBack: () => void;
};

export function NoticePrint({ community, run, onBack }: NoticePrintProps) {
  const [sheets, setSheets] = useState<SheetsAnswer['sheets']>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const path = `/v1/communities/${community.community}/print-runs/${run}`;
    void call<SheetsAnswer>('GET', path).then((answer) =>
      answer.ok ? setSheets(answer.value.sheets) : setProblem(answer.problem.sentence),
    );
  }, [community.community, run]);
  return (
    <>
      <div class="no-print">
        {sheets !== undefined && <h1>{t('printTitle', { count: sheets.length })}</h1>}
        <p>{t('printNote')}</p>
        {problem !== undefined && <Status kind="stop" title={problem} />}
        <div class="actions row">
          <Button disabled={sheets === undefined} onClick={() => window.print()}>
            {t('print')}
          </Button>
          <Button kind="quiet" onClick={onBack}>
            {t('back')}
          </Button>
        </div>
      </div>
      {sheets?.map(({ address, place, index, zh, en }, at) => (
        <article class="envelope-sheet" key={`${index} ${at}`}>
          <p class="envelope-from">{community.name}</p>
          <address>{address === '' ? place : address}</address>
          {index !== null && <p class="envelope-index">{t('indexLine', { index })}</p>}
          <div class="envelope-text">
            <p>{zh}</p>
            <p lang="en">{en}</p>
          </div>
        </article>
      ))}
    </>
  );
}
