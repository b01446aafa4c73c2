/** `/diagnose`: what this phone can do, in large text, with a code to read to the help desk (DESIGN §4). */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Field } from '../../kit/field.tsx';
import { Page } from '../../kit/shell.tsx';
import type { Diagnosis } from './capabilities.ts';
import { diagnose } from './capabilities.ts';
import type { PhoneReport } from './report-code.ts';
import { FEATURES, printCode, readCode } from './report-code.ts';
import { t } from './words.ts';

const IN_APP = ['wechat', 'alipay', 'dingtalk'];

/** A report as lines of name and value. */
function linesOf({ family, clock, features }: PhoneReport): readonly (readonly [string, string])[] {
  return [
    [t('browser'), t(`family_${family}`)],
    [t('clock'), t(`clock_${clock}`)],
    ...FEATURES.map(
      (feature) => [t(`feature_${feature}`), t(features.includes(feature) ? 'yes' : 'no')] as const,
    ),
  ];
}

function ReportList({ report }: { readonly report: PhoneReport }) {
  return (
    <>
      {IN_APP.includes(report.family) && <p>{t('inApp')}</p>}
      <dl class="pairs">
        {linesOf(report).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function CopyAll({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <>
      <div class="actions">
        <Button onClick={() => void copy()}>{t('copy')}</Button>
        <Button kind="quiet" onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
      {copied === true && <p role="status">{t('copied')}</p>}
      {copied === false && (
        <div class="field">
          <label for="all">{t('copyByHand')}</label>
          <textarea
            id="all"
            rows={8}
            readOnly
            value={text}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
      )}
    </>
  );
}

function Found({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const code = printCode(diagnosis);
  const seconds =
    diagnosis.differenceMs === undefined ? '' : ` (${(diagnosis.differenceMs / 1000).toFixed(1)} s)`;
  const lines = linesOf(diagnosis).map(([name, value]) => `${name}: ${value}`);
  const text = [code, ...lines, `${t('clock')}${seconds}`, navigator.userAgent].join('\n');
  return (
    <>
      <section class="sheet">
        <h2>{t('code')}</h2>
        <p class="mono code-large">{code}</p>
        <p>{t('codeSpoken', { code: [...code.replace('-', '')].join(' ') })}</p>
      </section>
      <CopyAll text={text} />
      <section class="sheet">
        <ReportList report={diagnosis} />
        <h2 class="spaced">{t('agent')}</h2>
        <p class="mono">{navigator.userAgent}</p>
      </section>
    </>
  );
}

/** For whoever answers the telephone. */
function Desk() {
  const [heard, setHeard] = useState('');
  const report = readCode(heard);
  const isLong = heard.replace(/[\s-]/g, '').length >= 7;
  const error = isLong && report === undefined ? t('deskWrong') : undefined;
  return (
    <details class="sheet">
      <summary>{t('desk')}</summary>
      <Field code label={t('deskLabel')} value={heard} error={error} maxLength={12} onValue={setHeard} />
      {report !== undefined && (
        <>
          <h2>{t('deskTitle')}</h2>
          <ReportList report={report} />
        </>
      )}
    </details>
  );
}

export function DiagnosePage() {
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  useEffect(() => void diagnose().then(setDiagnosis), []);
  return (
    <Page name={t('name')} home="/">
      <h1>{t('title')}</h1>
      <p>{t('lead')}</p>
      <noscript>
        <p class="status stop">{t('needScript')}</p>
      </noscript>
      {diagnosis === undefined ? <p role="status">{t('busy')}</p> : <Found diagnosis={diagnosis} />}
      <Desk />
    </Page>
  );
}
