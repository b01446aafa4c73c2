/** The form of a call to top up: the file of first deposits is checked by the service and shown by home before a call can be drafted (SPEC 8.6). */
import { useState } from 'preact/hooks';
import { toBase64Url, utf8 } from '../../../base/bytes.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import type { TopUpListAnswer } from '../../../fund/top-up-routes.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import type { Answer } from '../../kit/api.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Field, LongField, Pick } from '../../kit/field.tsx';
import { fileText } from '../../kit/file-text.ts';
import { Scroll } from '../../kit/scroll.tsx';
import { Status } from '../../kit/status.tsx';
import { unitWords } from '../../kit/unit-words.ts';
import { Findings, findingsOf } from './bank-files.tsx';
import type { Decided } from './decided.ts';
import { Drafting } from './drafting.tsx';
import type { Errors } from './drafts.ts';
import { FileField, HashedFile } from './entry-fields.tsx';
import { Options } from './options.tsx';
import { t } from './top-up-desk-words.ts';
import type { CheckedList, TopUpField, TopUpForm } from './top-up-drafts.ts';
import { EMPTY_TOP_UP, missingOf, percentOf, topUpDraft } from './top-up-drafts.ts';

type PartProps = {
  readonly form: TopUpForm;
  readonly errors: Errors<TopUpField>;
  readonly change: (part: Partial<TopUpForm>) => void;
};

function List({ list }: { readonly list: CheckedList }) {
  if (list.below.length === 0) return <Status kind="good" title={t('nobody')} />;
  const title = t('below', { count: list.below.length, yuan: yuanWords(String(missingOf(list))) });
  return (
    <details open>
      <summary>{title}</summary>
      <Scroll label={title}>
        <table>
          <thead>
            <tr>
              {(['place', 'first', 'balance', 'due'] as const).map((name) => (
                <th scope="col" key={name}>
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.below.map((home) => (
              <tr key={home.unit}>
                <th scope="row">{unitWords(home)}</th>
                <td class="number">{yuanWords(home.firstDepositFen)}</td>
                <td class="number">{yuanWords(home.balanceFen)}</td>
                <td class="number">{yuanWords(home.missingFen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {list.unknown.length > 0 && <p>{t('unknown', { count: list.unknown.length })}</p>}
    </details>
  );
}

function Checking({ base, form, errors, change }: PartProps & { readonly base: string }) {
  const [answer, setAnswer] = useState<Answer<TopUpListAnswer>>();
  const [isBusy, setBusy] = useState(false);
  const { file, percent, list } = form;
  const targetPercent = percentOf(percent);
  const check = async () => {
    if (file === undefined || targetPercent === undefined) return;
    setBusy(true);
    const question = { csv: file.csv, targetPercent };
    const checked = await call<TopUpListAnswer>('POST', `${base}/top-up-lists`, question);
    setBusy(false);
    setAnswer(checked);
    change({ list: checked.ok ? { ...question, ...checked.value } : undefined });
  };
  const read = (name: string, bytes: Uint8Array) => {
    const csv = fileText(bytes);
    setAnswer(undefined);
    change({ file: { name, csv, sha256: toBase64Url(sha256(utf8(csv))) }, list: undefined });
  };
  return (
    <>
      <FileField
        label={t('file')}
        hint={t('fileHint')}
        accept=".csv,.txt"
        error={errors.file}
        chosen={file && t('chosen', { name: file.name })}
        onBytes={read}
      />
      <Field
        label={t('percent')}
        value={percent}
        error={errors.percent}
        maxLength={3}
        onValue={(typed) => change({ percent: typed, list: undefined })}
      />
      <div class="actions row">
        <Button
          kind="quiet"
          busy={isBusy}
          disabled={file === undefined || targetPercent === undefined}
          onClick={() => void check()}
        >
          {t('check')}
        </Button>
      </div>
      {answer?.ok === false && (
        <Status
          kind="stop"
          title={answer.problem.code === 'FUND_FILE_REFUSED' ? t('refused') : answer.problem.sentence}
        >
          <Findings findings={findingsOf(answer)} />
        </Status>
      )}
      {list !== undefined && <List list={list} />}
    </>
  );
}

const GROUNDS = (['vote', 'rule'] as const).map((id) => ({ id, text: t(`ground_${id}`) }));

function Ground({ form, errors, change, decided }: PartProps & { readonly decided: readonly Decided[] }) {
  return (
    <>
      <Pick
        label={t('ground')}
        value={form.ground}
        options={GROUNDS}
        onValue={(ground) => change({ ground: ground as TopUpForm['ground'] })}
      />
      {form.ground === 'vote' ? (
        <Options
          label={t('resolution')}
          value={form.resolution}
          error={errors.resolution}
          options={decided}
          onValue={(resolution) => change({ resolution })}
        />
      ) : (
        <HashedFile
          label={t('rule')}
          file={form.rule}
          error={errors.rule}
          onFile={(rule) => change({ rule })}
        />
      )}
    </>
  );
}

export type TopUpFormPartProps = {
  readonly base: string;
  readonly decided: readonly Decided[];
  /** The service's day. */
  readonly today: string;
  readonly onSent: () => void;
};

export function TopUpFormPart({ base, decided, today, onSent }: TopUpFormPartProps) {
  const [form, setForm] = useState(EMPTY_TOP_UP);
  const change = (part: Partial<TopUpForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('draft')}
      path={`${base}/top-up-calls`}
      makes="act"
      next={t('next')}
      draft={() => topUpDraft(form, decided, today)}
      fieldOf={{
        csv: 'file',
        targetPercent: 'percent',
        proposal: form.ground === 'vote' ? 'resolution' : 'rule',
        documentHash: 'rule',
        dueOn: 'dueOn',
        text: 'text',
      }}
      onSent={() => {
        setForm(EMPTY_TOP_UP);
        onSent();
      }}
      fields={(errors) => (
        <>
          <Checking base={base} form={form} errors={errors} change={change} />
          <Ground form={form} errors={errors} change={change} decided={decided} />
          <Field
            label={t('dueOn')}
            type="date"
            value={form.dueOn}
            error={errors.dueOn}
            onValue={(dueOn) => change({ dueOn })}
          />
          <LongField
            label={t('text')}
            value={form.text}
            error={errors.text}
            onValue={(text) => change({ text })}
          />
        </>
      )}
    />
  );
}
