/** Forms of what is undone: an accrual that nobody is paid for any more, an emergency that was unlawful, a resolution that a court took back (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { yuanWords } from '../../kit/amount-words.ts';
import { Field } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import type { Decided } from './decided.ts';
import { decidedIn } from './decided.ts';
import { DocumentPart } from './document-part.tsx';
import { Drafting } from './drafting.tsx';
import { HashedFile } from './entry-fields.tsx';
import { Options } from './options.tsx';
import type { Authorisation } from './spending-drafts.ts';
import { t } from './spending-words.ts';
import type { CancellationForm, ResolutionForm } from './undoing-drafts.ts';
import { annulmentDraft, cancellationDraft, EMPTY_CANCELLATION, resolutionDraft } from './undoing-drafts.ts';

export type UndoingProps = {
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  readonly one: Authorisation;
  readonly onSent: () => void;
};

export function CancellationPart({ base, one, onSent }: UndoingProps) {
  const [form, setForm] = useState(EMPTY_CANCELLATION);
  const change = (part: Partial<CancellationForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('cancellation')}
      lead={t('cancellationLead')}
      path={`${base}/accrual-cancellations`}
      makes="entry"
      next={t('cancellationNext')}
      draft={() => cancellationDraft(form, one)}
      fieldOf={{ seq: 'seq', reason: 'reason' }}
      onSent={() => {
        setForm(EMPTY_CANCELLATION);
        onSent();
      }}
      fields={(errors) => (
        <>
          <Options
            label={t('accruedEntry')}
            value={form.seq}
            error={errors.seq}
            options={one.cancellable.map(({ seq, bookedOn, narrative, amountFen }) => ({
              id: seq,
              text: t('accruedText', { seq, day: bookedOn, stage: narrative, yuan: yuanWords(amountFen) }),
            }))}
            onValue={(seq) => change({ seq })}
          />
          <Field
            label={t('reason')}
            value={form.reason}
            error={errors.reason}
            maxLength={150}
            onValue={(reason) => change({ reason })}
          />
        </>
      )}
    />
  );
}

export function AnnulmentPart({ base, one, onSent }: UndoingProps) {
  return (
    <DocumentPart
      title={t('annulment')}
      lead={t('annulmentLead')}
      label={t('annulmentDocument')}
      path={`${base}/emergencies/${one.authorisation}/annulments`}
      next={t('annulmentNext')}
      draft={(document) => annulmentDraft(document, one)}
      onSent={onSent}
    />
  );
}

export type ResolutionPartProps = Pick<UndoingProps, 'base' | 'onSent'> & {
  /** One where the form stands with its authorisation, and nothing is to be chosen; all others below them. */
  readonly decided: readonly Decided[];
  readonly authorisations: readonly Authorisation[];
  readonly isChosen?: boolean;
};

export function ResolutionPart(props: ResolutionPartProps) {
  const { base, decided, authorisations, isChosen = false, onSent } = props;
  const empty: ResolutionForm = { resolution: isChosen ? (decided[0]?.id ?? '') : '', document: undefined };
  const [form, setForm] = useState(empty);
  const change = (part: Partial<ResolutionForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t(isChosen ? 'resolution' : 'otherResolution')}
      lead={t('resolutionLead')}
      path={`${base}/annulments`}
      makes="act"
      next={t('annulmentNext')}
      draft={() => resolutionDraft(form, decided, authorisations)}
      fieldOf={{ proposal: 'resolution', documentHash: 'document' }}
      onSent={() => {
        setForm(empty);
        onSent();
      }}
      fields={(errors) => (
        <>
          {isChosen ? (
            errors.resolution !== undefined && <Status kind="stop" title={errors.resolution} />
          ) : (
            <Options
              label={t('resolutionWhich')}
              value={form.resolution}
              error={errors.resolution}
              options={decided}
              onValue={(resolution) => change({ resolution })}
            />
          )}
          <HashedFile
            label={t('annulmentDocument')}
            file={form.document}
            error={errors.document}
            onFile={(document) => change({ document })}
          />
        </>
      )}
    />
  );
}

export type OtherResolutionsProps = Pick<ResolutionPartProps, 'base' | 'authorisations' | 'onSent'> & {
  readonly community: string;
};

/** Resolutions that opened nothing of the fund: they have no card of their own. */
export function OtherResolutions({ community, ...rest }: OtherResolutionsProps) {
  const [decided, setDecided] = useState<readonly Decided[]>([]);
  useEffect(() => void decidedIn(community).then(setDecided), [community]);
  const opened = new Set(rest.authorisations.map(({ meeting, proposal }) => `${meeting} ${proposal}`));
  const others = decided.filter(({ id }) => !opened.has(id));
  return others.length === 0 ? null : (
    <section class="sheet">
      <h2>{t('otherResolutions')}</h2>
      <ResolutionPart {...rest} decided={others} />
    </section>
  );
}
