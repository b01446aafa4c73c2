/** What may be spent, and the steps by which it is: each authorisation with cap, held, payable and paid, and the forms of what comes next (SPEC 8.3). */
import type { ComponentChild } from 'preact';
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { BookAnswer, PaymentsAnswer } from '../../../fund/contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { Pick } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import { DocumentPart } from './document-part.tsx';
import { Drafting } from './drafting.tsx';
import { AmountField, HashedFile } from './entry-fields.tsx';
import { Orders, PaymentPart } from './payment-form.tsx';
import type { AccrualForm, Authorisation } from './spending-drafts.ts';
import { accrualDraft, closingDraft } from './spending-drafts.ts';
import { t } from './spending-words.ts';
import type { BareName, Step } from './undoing-drafts.ts';
import { bareFacts, bareNext, stepsOf, waitWords } from './undoing-drafts.ts';
import { AnnulmentPart, CancellationPart, ResolutionPart } from './undoing-part.tsx';

type StepProps = {
  readonly path: string;
  readonly one: Authorisation;
  readonly onSent: () => void;
};

/** Claim, hold and release take nothing but the authorisation. */
function BareStep({ path, one, onSent, name }: StepProps & { readonly name: BareName }) {
  return (
    <Drafting
      title={t(name)}
      lead={t(`${name}Lead`)}
      path={`${path}/${name}`}
      makes="entry"
      next={bareNext(name, one)}
      draft={() => ({ ok: true, body: undefined, facts: bareFacts(name, one) })}
      fieldOf={{}}
      fields={() => null}
      onSent={onSent}
    />
  );
}

const EMPTY_ACCRUAL: AccrualForm = { amount: '', stage: 'advance', document: undefined };
const STAGES = (['advance', 'progress', 'final'] as const).map((id) => ({ id, text: t(id) }));

function AccrualPart({ path, one, onSent }: StepProps) {
  const [form, setForm] = useState(EMPTY_ACCRUAL);
  const change = (part: Partial<AccrualForm>) => setForm((old) => ({ ...old, ...part }));
  return (
    <Drafting
      title={t('accrual')}
      path={`${path}/accruals`}
      makes="entry"
      next={t('accrualNext')}
      draft={() => accrualDraft(form, one)}
      fieldOf={{ amountFen: 'amount', acceptanceHash: 'document' }}
      onSent={() => {
        setForm(EMPTY_ACCRUAL);
        onSent();
      }}
      fields={(errors) => (
        <>
          <AmountField
            label={t('accrualAmount')}
            value={form.amount}
            error={errors.amount}
            onValue={(amount) => change({ amount })}
          />
          <Pick
            label={t('stage')}
            value={form.stage}
            options={STAGES}
            onValue={(stage) => change({ stage: stage as AccrualForm['stage'] })}
          />
          <HashedFile
            label={t('document')}
            file={form.document}
            error={errors.document}
            onFile={(document) => change({ document })}
          />
        </>
      )}
    />
  );
}

function ClosingPart({ path, one, onSent }: StepProps) {
  return (
    <DocumentPart
      title={t('closing')}
      lead={t('closingLead')}
      label={t('closingDocument')}
      path={`${path}/closings`}
      next={t('closingNext')}
      draft={(document) => closingDraft(document, one)}
      onSent={onSent}
    />
  );
}

function Figures({ one }: { readonly one: Authorisation }) {
  const figures = [
    [t('payee'), one.payee],
    [t('cap'), t('yuan', { yuan: yuanWords(one.capFen) })],
    [t('held'), one.wasHeld ? t('yuan', { yuan: yuanWords(one.heldFen) }) : t('waitsForHold')],
    [t('payable'), t('yuan', { yuan: yuanWords(one.payableFen) })],
    [t('paid'), t('yuan', { yuan: yuanWords(one.paidFen) })],
    [t('units'), t('unitsText', { count: one.units })],
    ...(one.claimFen === '0'
      ? []
      : [
          [
            t('claimed'),
            t('claimedText', { yuan: yuanWords(one.claimFen), count: one.developerUnits }),
          ] as const,
        ]),
  ] as const;
  return (
    <dl class="pairs">
      {figures.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

type CardProps = Omit<SpendingSectionProps, 'book'> & {
  readonly one: Authorisation;
  readonly book: BookAnswer;
};

function Card({ base, one, book, orders, isWriter, isRegulator, onSent }: CardProps) {
  const path = `${base}/authorisations/${one.authorisation}`;
  const step = { path, one, onSent };
  const undoing = { base, one, onSent };
  const forms: Readonly<Record<Step, ComponentChild>> = {
    claim: <BareStep {...step} name="claim" />,
    hold: <BareStep {...step} name="hold" />,
    accrual: <AccrualPart {...step} />,
    payment: <PaymentPart base={base} payable={one} banks={book.banks} onSent={onSent} />,
    cancellation: <CancellationPart {...undoing} />,
    closing: <ClosingPart {...step} />,
    release: <BareStep {...step} name="release" />,
  };
  const wait = waitWords(one);
  return (
    <li class="sheet">
      <h3>{one.purpose}</h3>
      <p>
        <span class={one.state === 'open' ? 'tag good' : 'tag'}>{t(`state_${one.state}`)}</span>{' '}
        <span class="tag">{t(`kind_${one.kind}`)}</span>
      </p>
      <Figures one={one} />
      {one.householdsShort > 0 && <Status kind="warn" title={t('short', { count: one.householdsShort })} />}
      {wait !== undefined && <Status kind="warn" title={wait} />}
      <Orders orders={orders.filter(({ authorisation }) => authorisation === one.authorisation)} />
      {isWriter && stepsOf(one).map((name) => <Fragment key={name}>{forms[name]}</Fragment>)}
      {isRegulator &&
        one.state !== 'revoked' &&
        (one.kind === 'emergency' ? (
          <AnnulmentPart {...undoing} />
        ) : (
          <ResolutionPart
            base={base}
            decided={[{ id: `${one.meeting} ${one.proposal}`, text: one.purpose }]}
            authorisations={book.authorisations}
            isChosen
            onSent={onSent}
          />
        ))}
    </li>
  );
}

export type SpendingSectionProps = {
  /** `/v1/communities/…/fund`. */
  readonly base: string;
  /** `none` where the community has no book, undefined until that is known. */
  readonly book: BookAnswer | 'none' | undefined;
  readonly orders: PaymentsAnswer['payments'];
  readonly isWriter: boolean;
  readonly isRegulator: boolean;
  readonly onSent: () => void;
};

export function SpendingSection(props: SpendingSectionProps) {
  const book = props.book === 'none' ? undefined : props.book;
  return (
    <section>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {props.book === 'none' && <p>{t('noBook')}</p>}
      {book?.authorisations.length === 0 && <p>{t('none')}</p>}
      <ul class="plain-list">
        {book?.authorisations.map((one) => (
          <Card key={one.authorisation} {...props} one={one} book={book} />
        ))}
      </ul>
    </section>
  );
}
