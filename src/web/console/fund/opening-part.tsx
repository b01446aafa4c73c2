/** Opening balances from a file: checked by the service as soon as it is chosen, told by row, booked only as it was shown (SPEC 8.3). */
import { useRef, useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import type { CivilDate } from '../../../base/civil-date.ts';
import type { BookAnswer, OpeningFileAnswer } from '../../../fund/contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { sendFile } from '../../kit/api.ts';
import { draw } from '../../kit/draw.ts';
import { Field } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { Drafting } from './drafting.tsx';
import { FileField } from './entry-fields.tsx';
import type { Finding, OpeningForm } from './opening-draft.ts';
import { grouped, openingDraft } from './opening-draft.ts';
import { t } from './opening-words.ts';

/** More places than this are counted only. */
const PLACES_SHOWN = 200;

function Group({ first, all }: { readonly first: Finding; readonly all: readonly Finding[] }) {
  const { code, level, zh } = first;
  return (
    <details open={level === 'error'}>
      <summary>
        <span class={level === 'error' ? 'tag stop' : 'tag'}>{t(level)}</span>{' '}
        {t('group', { title: zh, count: all.length })} <span class="mono">{code}</span>
      </summary>
      <ul>
        {all.slice(0, PLACES_SHOWN).map(({ row, where }, at) => (
          <li key={at}>{row === null ? where : t('row', { row, where })}</li>
        ))}
        {all.length > PLACES_SHOWN && <li>{t('more', { count: all.length - PLACES_SHOWN })}</li>}
      </ul>
    </details>
  );
}

function chosenWords(name: string, { sheet, balances, totalFen }: OpeningFileAnswer): string {
  const read = { name, count: balances.length, yuan: yuanWords(totalFen) };
  return sheet === null ? t('checked', read) : t('checkedSheet', { ...read, sheet });
}

type FilePartProps = {
  readonly base: string;
  readonly file: OpeningFileAnswer | undefined;
  readonly error: string | undefined;
  readonly onFile: (file: OpeningFileAnswer | undefined) => void;
};

function FilePart({ base, file, error, onFile }: FilePartProps) {
  const [name, setName] = useState<string>();
  const [problem, setProblem] = useState<string>();
  // A slow answer about a file that was chosen before says nothing of this one.
  const latest = useRef(0);
  const check = async (named: string, bytes: Uint8Array<ArrayBuffer>) => {
    latest.current += 1;
    const own = latest.current;
    setName(named);
    setProblem(undefined);
    onFile(undefined);
    const path = `${base}/opening-files`;
    const read = await sendFile<OpeningFileAnswer>(path, new Blob([bytes]), toBase64Url(draw(16)));
    if (own !== latest.current) return;
    if (read.ok) return onFile(read.value);
    setName(undefined);
    setProblem(read.problem.sentence);
  };
  return (
    <>
      <FileField
        label={t('file')}
        hint={t('fileHint')}
        accept=".xlsx,.csv,.txt"
        error={error}
        chosen={name && (file === undefined ? t('checking') : chosenWords(name, file))}
        onBytes={(named, bytes) => void check(named, bytes)}
      />
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {file !== undefined && (
        <div class="spaced">
          {grouped(file.findings).map(([first, all]) => (
            <Group key={first.code} first={first} all={all} />
          ))}
        </div>
      )}
    </>
  );
}

export type OpeningPartProps = {
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  /** Of the book; empty where there is none yet. */
  readonly banks: BookAnswer['banks'];
  /** The service's day. */
  readonly today: CivilDate;
  readonly onSent: () => void;
};

const EMPTY: OpeningForm = { reference: '', asOn: '', bank: '', lastDigits: '', file: undefined };

export function OpeningPart({ base, banks, today, onSent }: OpeningPartProps) {
  const [form, setForm] = useState(EMPTY);
  const change = (part: Partial<OpeningForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('title')}
      lead={t('lead')}
      path={`${base}/opening-balances`}
      makes="entry"
      next={t('next')}
      draft={() => openingDraft(form, banks, today)}
      fieldOf={{
        statement: 'reference',
        asOn: 'asOn',
        bank: 'bank',
        lastDigits: 'lastDigits',
        balances: 'file',
      }}
      onSent={() => {
        setForm(EMPTY);
        onSent();
      }}
      fields={(errors) => (
        <>
          <FilePart base={base} file={form.file} error={errors.file} onFile={(file) => change({ file })} />
          <Field
            label={t('reference')}
            value={form.reference}
            error={errors.reference}
            maxLength={150}
            onValue={(reference) => change({ reference })}
          />
          <Field
            label={t('asOn')}
            type="date"
            value={form.asOn}
            error={errors.asOn}
            onValue={(asOn) => change({ asOn })}
          />
          <Field
            label={t('bank')}
            value={form.bank}
            error={errors.bank}
            maxLength={20}
            onValue={(bank) => change({ bank })}
          />
          <Field
            label={t('lastDigits')}
            value={form.lastDigits}
            error={errors.lastDigits}
            maxLength={8}
            onValue={(lastDigits) => change({ lastDigits })}
          />
        </>
      )}
    />
  );
}
