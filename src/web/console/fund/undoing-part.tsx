/** Forms of what is undone under an authorisation: an accrual that nobody is paid for any more, and an emergency that was unlawful (SPEC 8.3). */
import { useState } from 'preact/hooks';
import { yuanWords } from '../../kit/amount-words.ts';
import { Field } from '../../kit/field.tsx';
import { DocumentPart } from './document-part.tsx';
import { Drafting } from './drafting.tsx';
import { Options } from './options.tsx';
import type { Authorisation } from './spending-drafts.ts';
import { t } from './spending-words.ts';
import type { CancellationForm } from './undoing-drafts.ts';
import { annulmentDraft, cancellationDraft, EMPTY_CANCELLATION } from './undoing-drafts.ts';

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
