/** Meetings that a fifth of the owners demanded, and what became of each; nobody who demanded is named (SPEC 5.4). */
import type { PublicRequisition } from '../../assembly/requisition-views.ts';
import { parseDecimal, showSquareMetres } from '../../base/area.ts';
import { PlainText } from '../kit/plain-text.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './words.ts';

const area = (areaDm2: string): string => showSquareMetres(parseDecimal(areaDm2) ?? 0n);

type Published = { readonly published: readonly string[] };
type WordProps = PublicRequisition['street'] & Published & { readonly by: 'committee' | 'street' | 'second' };

/** One answer, by whom, with its reason and its meeting. */
function Word({ answer, answeredAt, reason, meeting, by, published }: WordProps) {
  if (answer === '') return null;
  return (
    <>
      <p>
        <strong>{t(`requisition_${by}_${answer}`, { at: timeWords(answeredAt) })}</strong>
      </p>
      <PlainText body={t('requisitionReason', { reason })} />
      {published.includes(meeting) && (
        <p>
          <a href={`/meetings/${meeting}`}>{t('requisitionMeeting')}</a>
        </p>
      )}
    </>
  );
}

const WAITING = {
  answer: { waits: 'requisitionWaits', overdue: 'requisitionOverdue' },
  street: { waits: 'requisitionWaitsStreet', overdue: 'requisitionOverdueStreet' },
} as const;

function Answers({ published, ...one }: PublicRequisition & Published) {
  const { waitsFor, isOverdue, reachedAt, answeredAt, answeredBy, street } = one;
  const at = timeWords(waitsFor === 'street' ? answeredAt : reachedAt);
  return (
    <>
      {answeredBy !== '' && <Word {...one} by={answeredBy} published={published} />}
      <Word {...street} by="second" published={published} />
      {waitsFor !== '' && (
        <p>
          <strong>{t(WAITING[waitsFor][isOverdue ? 'overdue' : 'waits'], { at })}</strong>
        </p>
      )}
    </>
  );
}

export type RequisitionsSectionProps = {
  readonly requisitions: readonly PublicRequisition[];
  /** Ids of the meetings that were noticed. */
  readonly published: readonly string[];
  /** Whether the page is of one community, so that it links no other. */
  readonly isOfOne: boolean;
};

export function RequisitionsSection({ requisitions, published, isOfOne }: RequisitionsSectionProps) {
  if (requisitions.length === 0) return null;
  return (
    <section>
      <h2>{t('requisitionsTitle')}</h2>
      <p>{t('requisitionsLead')}</p>
      <ul class="plain-list">
        {requisitions.map((each) => (
          <li class="sheet" key={each.requisition}>
            <p class="kicker">{each.communityName}</p>
            <h3>{each.title}</h3>
            <PlainText body={each.text} />
            <p>
              {t('requisitionSums', {
                at: timeWords(each.reachedAt),
                heads: each.heads,
                totalHeads: each.totalHeads,
                area: area(each.areaDm2),
                totalArea: area(each.totalAreaDm2),
              })}
            </p>
            <Answers {...each} published={published} />
            {!isOfOne && (
              <p class="no-print">
                <a href={`/communities/${each.community}/requisitions`}>{t('requisitionsOfOne')}</a>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
