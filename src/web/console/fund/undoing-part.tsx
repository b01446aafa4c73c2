/** Forms of what is undone under an authorisation: an accrual that nobody is paid for any more, and an emergency that was unlawful (SPEC 8.3). */
import { useState } from 'preact/hooks';
import { yuanWords } from '../../kit/amount-words.ts';
import { Field } from '../../kit/field.tsx';
import { Drafting } from './drafting.tsx';
import type { OwnFile } from './drafts.ts';
import { HashedFile } from './entry-fields.tsx';
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
  const [document, setDocument] = useState<OwnFile>();
  return (
    <Drafting
      title={t('annulment')}
      lead={t('annulmentLead')}
      path={`${base}/emergencies/${one.authorisation}/annulments`}
      makes="act"
      next={t('annulmentNext')}
      draft={() => annulmentDraft(document, one)}
      fieldOf={{ documentHash: 'document' }}
      onSent={() => {
        setDocument(undefined);
        onSent();
      }}
      fields={(errors) => (
        <HashedFile
          label={t('annulmentDocument')}
          file={document}
          error={errors.document}
          onFile={setDocument}
        />
      )}
    />
  );
}
