/** The account of a payee in plain figures, shown only where salt and number hash to what the signed record names (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url } from '../../base/bytes.ts';
import type { AccountOpeningAnswer } from '../../fund/contract.ts';
import type { ActAnswer } from '../../officers/contract.ts';
import { accountHash } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { t } from './fund-words.ts';
import { t as openedWord } from './opened-words.ts';

/** The number under the hash of the record; undefined where the service shows another. */
export function openedAccount(
  payeeAccount: string,
  { salt, number }: AccountOpeningAnswer,
): string | undefined {
  const bytes = fromBase64Url(salt);
  return bytes?.length === 16 && accountHash(bytes, number) === payeeAccount ? number : undefined;
}

type Props = {
  readonly act: ActAnswer;
  readonly payeeAccount: string;
  readonly onOpened: (isOpened: boolean) => void;
  /** Whether the drafter may have left the account out, as of a payment: then there is the hash alone. */
  readonly isOptional?: boolean;
};

export function AccountLine({ act, payeeAccount, onOpened, isOptional = false }: Props) {
  const [number, setNumber] = useState<string>();
  const [isLeftOut, setLeftOut] = useState(false);
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const path = `/v1/communities/${act.community}/fund/acts/${act.act}/account`;
    void call<AccountOpeningAnswer>('GET', path).then((answer) => {
      const found = answer.ok ? openedAccount(payeeAccount, answer.value) : undefined;
      setNumber(found);
      const isMissing = isOptional && !answer.ok && answer.problem.code === 'ACT_UNKNOWN';
      setLeftOut(isMissing);
      setRead(true);
      onOpened(found !== undefined || isMissing);
    });
  }, [act.act]);
  if (!isRead) return <p role="status">{openedWord('loading')}</p>;
  if (isLeftOut) return <p>{t('accountLeftOut')}</p>;
  return number === undefined ? (
    <Status kind="stop" title={t('accountHidden')} />
  ) : (
    <p>{t('accountNumber', { number: number.replace(/(.{4})(?=.)/g, '$1 ') })}</p>
  );
}
