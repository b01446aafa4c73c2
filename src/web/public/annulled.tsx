/** What pages and papers say of a resolution that a court or an authority annulled, beside the outcome that was counted (SPEC 8.2). */
import type { ProposalTally } from '../../record/tally-record.ts';
import type { ResolutionAnnulment } from '../../tally/annulments.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { t } from './words.ts';

/** All groups of a SHA-256. */
const WHOLE = 16;

/** Of a shown result: resolutions that were annulled since, in the order of the log. */
export type Annulments = { readonly annulments: readonly ResolutionAnnulment[] };

/** The annulment of a proposal's resolution, or undefined where it stands. */
export const annulmentIn = ({ annulments }: Annulments, proposal: string): ResolutionAnnulment | undefined =>
  annulments.find((each) => each.proposal === proposal);

/** The outcome as it was counted, and that it was annulled where it was. */
export const outcomeWords = (
  result: Annulments,
  { proposal, outcome }: Pick<ProposalTally, 'proposal' | 'outcome'>,
): string => {
  const counted = t(`outcome_${outcome}`);
  return annulmentIn(result, proposal) === undefined ? counted : t('outcomeAnnulled', { outcome: counted });
};

/** That a resolution was annulled, by which document, when, and where the log says so; nothing where it stands. */
export function AnnulledNote({ annulment }: { readonly annulment: ResolutionAnnulment | undefined }) {
  if (annulment === undefined) return null;
  const { documentHash, logIndex, enteredOn } = annulment;
  const rows = [
    ...(enteredOn === undefined ? [] : [[t('annulledOn'), dayWords(enteredOn)] as const]),
    [t('annulledPlace'), logIndex === undefined ? t('annulledNoPlace') : t('annulledAt', { at: logIndex })],
  ] as const;
  return (
    <>
      <p>{t('annulledText')}</p>
      <dl class="pairs">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t('annulledBy')}</dt>
          <dd class="mono">{hexGroups(documentHash, WHOLE).join(' ')}</dd>
        </div>
      </dl>
    </>
  );
}

type Named = Annulments & { readonly titles: Readonly<Record<string, { readonly title: string }>> };

/** Which resolutions of the meeting were annulled, before anything else is read; nothing where all stand. */
export function AnnulledSummary({ result }: { readonly result: Named | undefined }) {
  const titles = result?.annulments.map(({ proposal }) => result.titles[proposal]?.title ?? proposal) ?? [];
  return titles.length === 0 ? null : (
    <Status kind="stop" title={t('annulledSummary', { titles: titles.join('”、“') })} />
  );
}
