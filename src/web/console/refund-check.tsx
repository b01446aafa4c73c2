/** What a refund pays back, shown only where its record is what the act names by its hash, and the document in the officer's hand (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { Refund } from '../../record/fund.ts';
import { refundForm, refundHash } from '../../record/fund.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { AccountLine } from './account-line.tsx';
import { OwnFile } from './file-checks.tsx';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './refund-words.ts';

/** The refund under the hash that is signed; undefined where the service shows another. */
export function openedRefund(entry: EntryOf<'refund.authorised'>, record: string): Refund | undefined {
  const bytes = bytesOf(record);
  const read = refundForm.parse(bytes);
  if (!read.ok || refundHash(bytes) !== entry.refundHash) return undefined;
  const { community, authorisation } = read.value;
  return community === entry.community && authorisation === entry.authorisation ? read.value : undefined;
}

const factsOf = ({ account, amountFen, payeeAccount, documentHash }: Refund): readonly string[] => [
  t('home', { account }),
  t('amount', { yuan: yuanWords(amountFen) }),
  t('payee', { hash: hexGroups(payeeAccount).join(' ') }),
  t('document', { hash: hexGroups(documentHash).join(' ') }),
  t('closes'),
];

export function RefundCheck({ act, entry, onChecked }: CheckProps) {
  const [hasDocument, setDocument] = useState(false);
  const [isAccountOpened, setAccountOpened] = useState(false);
  const isChecked = hasDocument && isAccountOpened;
  useEffect(() => onChecked(isChecked), [isChecked]);
  const refund =
    entry.kind === 'refund.authorised' ? openedRefund(entry, act.details['record'] ?? '') : undefined;
  if (refund === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  const compare = (file: Uint8Array) =>
    toBase64Url(sha256(file)) === refund.documentHash ? t('same') : undefined;
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {factsOf(refund).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <AccountLine act={act} payeeAccount={refund.payeeAccount} onOpened={setAccountOpened} />
      <OwnFile label={t('file')} lead={t('lead')} accept="*/*" compare={compare} onChecked={setDocument} />
    </>
  );
}
