/** The way from the console to the page of the fund, for officers who draft or read there (docs/decisions/fund-in-the-console.md). */
import type { OfficerAnswer } from '../../officers/contract.ts';
import { wordsOf } from '../kit/words.ts';

const t = wordsOf({
  title: '维修资金与公共收益',
  lead: '冻结、验收、拨付、紧急维修、返还、公共收益和银行文件在另一页办理。那里拟写的事项回到本页的“待签事项”签署。',
  open: '办理维修资金',
});

const ROLES: readonly string[] = ['committee', 'street', 'regulator'];

export type FundLinkProps = { readonly community: string; readonly officer: OfficerAnswer };

export function FundLink({ community, officer }: FundLinkProps) {
  if (!ROLES.includes(officer.role)) return null;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <a class="button quiet" href={`/console/fund#${community}`}>
        {t('open')}
      </a>
    </section>
  );
}
