/** What an emergency spends and why, shown only where its record is what the act names by its hash, with the account opened and report and quotation in the officer's hand (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { showSquareMetres } from '../../base/area.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { Emergency } from '../../record/emergency.ts';
import { emergencyForm, emergencyHash, scopeIsBorne } from '../../record/emergency.ts';
import type { EntryOf } from '../../record/entry.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { AccountLine } from './account-line.tsx';
import { t } from './emergency-words.ts';
import { OwnFile } from './file-checks.tsx';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';

/** The emergency under the hash that is signed; undefined where the service shows another, or one whose scope is not the one that pays. */
export function openedEmergency(
  entry: EntryOf<'emergency.authorised'>,
  record: string,
): Emergency | undefined {
  const bytes = bytesOf(record);
  const read = emergencyForm.parse(bytes);
  if (!read.ok || emergencyHash(bytes) !== entry.emergencyHash || !scopeIsBorne(read.value)) return undefined;
  const { community, authorisation } = read.value;
  return community === entry.community && authorisation === entry.authorisation ? read.value : undefined;
}

const factsOf = (one: Emergency): readonly string[] => [
  t('category', { category: t(one.category) }),
  t('amount', { yuan: yuanWords(one.capFen) }),
  t('use', { purpose: one.purpose, payee: one.payee }),
  t('payee', { hash: hexGroups(one.payeeAccount).join(' ') }),
  t(`scope_${one.units.kind}`, { members: one.units.members.join('、') }),
  t('units', {
    count: one.shares.length,
    area: showSquareMetres(one.shares.reduce((sum, { areaDm2 }) => sum + BigInt(areaDm2), 0n)),
  }),
];

const sameAs = (hash: string) => (file: Uint8Array) =>
  toBase64Url(sha256(file)) === hash ? t('same') : undefined;

export function EmergencyCheck({ act, entry, onChecked }: CheckProps) {
  const [hasReport, setReport] = useState(false);
  const [hasQuotation, setQuotation] = useState(false);
  const [isAccountOpened, setAccountOpened] = useState(false);
  const isChecked = hasReport && hasQuotation && isAccountOpened;
  useEffect(() => onChecked(isChecked), [isChecked]);
  const one =
    entry.kind === 'emergency.authorised' ? openedEmergency(entry, act.details['record'] ?? '') : undefined;
  if (one === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {factsOf(one).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <AccountLine act={act} payeeAccount={one.payeeAccount} onOpened={setAccountOpened} />
      <p>{t('text')}</p>
      {one.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <OwnFile
        label={t('report')}
        lead={t('reportLead')}
        accept="*/*"
        compare={sameAs(one.reportHash)}
        onChecked={setReport}
      />
      <OwnFile
        label={t('quotation')}
        lead={t('quotationLead')}
        accept="*/*"
        compare={sameAs(one.quotationHash)}
        onChecked={setQuotation}
      />
    </>
  );
}

/** The rules by which a community allows emergencies, or bars them. */
export function DeclarationCheck({ entry, onChecked }: CheckProps) {
  const hash = entry.kind === 'emergencies.declared' ? entry.documentHash : '';
  return (
    <OwnFile
      label={t('rulesFile')}
      lead={t('rulesLead')}
      accept="*/*"
      compare={sameAs(hash)}
      onChecked={onChecked}
    />
  );
}
