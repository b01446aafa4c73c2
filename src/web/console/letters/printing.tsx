/** Prints what was made, a part at a time, and clears the codes when every part was printed (SPEC 3.2). */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Status } from '../../kit/status.tsx';
import { offerFile } from '../download.ts';
import { DeliveryList, LIST_PAGE, LIST_STYLE } from './delivery-list.tsx';
import { LetterSheets, SHEET_PAGE, SHEET_STYLE } from './letter-sheets.tsx';
import type { Batch } from './making.ts';
import { PrintRoot } from './print-root.tsx';
import { t } from './words.ts';

/** Households that a browser still shows and prints at once. */
const HOUSEHOLDS_A_PART = 100;

/** The parts of a batch, by the place of their first household. */
const partsOf = ({ households }: Batch): readonly number[] =>
  Array.from({ length: Math.ceil(households.length / HOUSEHOLDS_A_PART) }, (_, at) => at * HOUSEHOLDS_A_PART);

export type PrintingProps = { readonly batch: Batch; readonly onDone: () => void };

export function Printing({ batch, onDone }: PrintingProps) {
  const { households, facts, upload } = batch;
  /** Place of the part's first household; the list is no part. */
  const [shown, setShown] = useState<number | 'list'>(0);
  const [printed, setPrinted] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState(0);
  const parts = partsOf(batch);
  const nameOf = (from: number, key: 'part' | 'partPrinted' = 'part'): string =>
    t(key, { from: from + 1, to: Math.min(from + HOUSEHOLDS_A_PART, households.length) });
  const title = shown === 'list' ? t('list') : nameOf(shown);
  // The dialog opens when the part that was asked for stands there.
  useEffect(() => {
    if (asked > 0) window.print();
  }, [asked]);
  const print = (part: number | 'list') => {
    setShown(part);
    setAsked(asked + 1);
    if (part !== 'list') setPrinted(new Set([...printed, part]));
  };
  const page = useMemo(
    () =>
      shown === 'list' ? (
        <DeliveryList households={households} facts={facts} />
      ) : (
        <LetterSheets
          households={households.slice(shown, shown + HOUSEHOLDS_A_PART)}
          from={shown}
          facts={facts}
        />
      ),
    [shown, batch],
  );
  const isList = shown === 'list';
  return (
    <>
      <Status kind="warn" title={t('made', { count: upload.items.length, households: households.length })}>
        <p>{t('madeNote')}</p>
      </Status>
      <div class="actions row">
        {parts.map((from) => (
          <Button key={from} kind={printed.has(from) ? 'quiet' : 'main'} onClick={() => print(from)}>
            {t('print', { part: nameOf(from, printed.has(from) ? 'partPrinted' : 'part') })}
          </Button>
        ))}
        <Button kind="quiet" onClick={() => print('list')}>
          {t('print', { part: t('list') })}
        </Button>
        <Button kind="quiet" onClick={() => offerFile('letters.json', `${JSON.stringify(upload)}\n`)}>
          {t('offer')}
        </Button>
      </div>
      <p class="soft">{t('doneHint')}</p>
      <div class="actions row">
        <Button disabled={printed.size < parts.length} onClick={onDone}>
          {t('done')}
        </Button>
      </div>
      <p>{t('shown', { part: title })}</p>
      <PrintRoot
        label={t('preview')}
        style={isList ? LIST_STYLE : SHEET_STYLE}
        page={isList ? LIST_PAGE : SHEET_PAGE}
      >
        {page}
      </PrintRoot>
    </>
  );
}
