/** What an owner has in the maintenance fund: the balance of each of his units, and the way to its statement (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import type { OwnAccountsAnswer } from '../../fund/contract.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './fund-words.ts';
import type { SectionProps } from './section-props.ts';
import { TopUpNote } from './top-up-note.tsx';

export type OwnAccount = OwnAccountsAnswer['accounts'][number];
export type OwnCharge = OwnAccountsAnswer['charges'][number];
/** An account whose statement is to be shown, with the resolutions that its lines may name. */
export type OpenedAccount = { readonly account: OwnAccount; readonly charges: readonly OwnCharge[] };

export type FundSectionProps = {
  readonly owner: SectionProps['owner'];
  readonly onOpen: (opened: OpenedAccount) => void;
};

function Account({ account, onOpen }: { readonly account: OwnAccount; readonly onOpen: () => void }) {
  const { availableFen, heldFen } = account;
  const totalFen = String(BigInt(availableFen) + BigInt(heldFen));
  return (
    <li>
      <p>
        <strong>{unitWords(account)}</strong>：{t('total', { yuan: yuanWords(totalFen) })}
      </p>
      <TopUpNote topUp={account.topUp} />
      <p>{t('parts', { available: yuanWords(availableFen), held: yuanWords(heldFen) })}</p>
      <Button kind="quiet" onClick={onOpen}>
        {t('open', { unit: unitWords(account) })}
      </Button>
    </li>
  );
}

function Accounts({ asOf, accounts, charges, onOpen }: OwnAccountsAnswer & Pick<FundSectionProps, 'onOpen'>) {
  if (asOf === '') return <p>{t('noBook')}</p>;
  return (
    <>
      <p>{t('lead', { on: dayWords(asOf) })}</p>
      {accounts.length === 0 && <p>{t('none')}</p>}
      <ul class="plain-list">
        {accounts.map((account) => (
          <Account key={account.unit} account={account} onOpen={() => onOpen({ account, charges })} />
        ))}
      </ul>
    </>
  );
}

export function FundSection({ owner, onOpen }: FundSectionProps) {
  const [found, setFound] = useState<OwnAccountsAnswer>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<OwnAccountsAnswer>('GET', '/v1/owners/me/fund/accounts').then((answer) =>
      answer.ok ? setFound(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [owner.community]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {found !== undefined && found.asOf !== '' && (
        <p>
          <a href={`/communities/${owner.community}/fund`}>{t('publicPage')}</a>
        </p>
      )}
      {found !== undefined && <Accounts {...found} onOpen={onOpen} />}
    </section>
  );
}
