/** Public revenue as it is typed: income, spending, what is undone, and the half-year that is published. Pure (SPEC 8.5). */
import { parseDecimal } from '../../../base/area.ts';
import type { CivilDate } from '../../../base/civil-date.ts';
import { sumFen } from '../../../base/fen.ts';
import type {
  IncomeBody,
  PeriodBody,
  RevenueAnswer,
  RevenueReversalBody,
  SpendingBody,
} from '../../../fund/revenue-routes.ts';
import type { RevenueEntry } from '../../../record/revenue.ts';
import { halfYearOf } from '../../../record/revenue.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { dayWords } from '../../kit/times.ts';
import { t as signedWord } from '../revenue-words.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, OwnFile } from './drafts.ts';
import { amountWords, cleanText, errorsOf, fenOf, fileWords, textError, yuanOf } from './drafts.ts';
import { t } from './revenue-desk-words.ts';

/** The book as its route answers it; the records are those whose hashes the log names. */
export type Revenue = Omit<RevenueAnswer, 'entries' | 'periods'> & {
  readonly entries: readonly { readonly record: RevenueEntry }[];
  readonly periods: readonly { readonly record: { readonly period: string } }[];
};

/** `2026年下半年`. */
export const periodWords = (period: string): string =>
  t(period.endsWith('1') ? 'half1' : 'half2', { year: period.slice(0, 4) });

export const headingWords = (heading: RevenueEntry['heading']): string =>
  signedWord(heading === 'resolution' ? 'resolution_heading' : heading);

/** An entry in one line, as people find it again. */
export function entryWords({ bookedOn, amountFen, entryKind, heading, text }: RevenueEntry): string {
  return t('entry', {
    on: dayWords(bookedOn),
    sign: t(amountFen.startsWith('-') ? 'out' : 'in'),
    yuan: yuanWords(amountFen.replace('-', '')),
    kind: signedWord(entryKind),
    heading: headingWords(heading),
    text,
  });
}

export type MoneyForm = {
  /** Empty until it is chosen. */
  readonly heading: string;
  readonly amount: string;
  readonly bookedOn: string;
  readonly text: string;
  readonly document: OwnFile | undefined;
};
export const emptyMoney = (today: CivilDate): MoneyForm => ({
  heading: '',
  amount: '',
  bookedOn: today,
  text: '',
  document: undefined,
});

export type SpendingForm = MoneyForm & {
  readonly entryKind: SpendingBody['entryKind'];
  /** `meeting proposal` of a use; empty until it is chosen. */
  readonly proposal: string;
};

/** What the book is when somebody types. */
export type Standing = { readonly today: CivilDate; readonly revenue: Revenue };

function dayError(bookedOn: string, { today, revenue }: Standing): string | undefined {
  if (bookedOn === '') return draftingWord('day');
  if (bookedOn > today) return t('late');
  const isPublished = revenue.periods.some(({ record }) => record.period >= halfYearOf(bookedOn));
  return isPublished ? t('published') : undefined;
}

/** What is wrong with the fields that income and spending share. */
const moneyErrors = (form: MoneyForm, standing: Standing) => ({
  amount: fenOf(form.amount) === undefined ? draftingWord('amount') : undefined,
  bookedOn: dayError(form.bookedOn, standing),
  text: textError(form.text, 500),
  document: form.document === undefined ? draftingWord('file') : undefined,
});

const balanceOf = ({ revenue }: Standing): bigint => parseDecimal(revenue.balanceFen) ?? 0n;

export function incomeDraft(form: MoneyForm, standing: Standing): Draft<keyof MoneyForm, IncomeBody> {
  const { document } = form;
  const errors = errorsOf<keyof MoneyForm>({
    ...moneyErrors(form, standing),
    heading: form.heading === '' ? draftingWord('choose') : undefined,
  });
  const amountFen = fenOf(form.amount);
  if (errors !== undefined || amountFen === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  const heading = form.heading as IncomeBody['heading'];
  const [bookedOn, text] = [form.bookedOn, cleanText(form.text)];
  return {
    ok: true,
    body: { heading, bookedOn, amountFen: String(amountFen), text, documentHash: document.sha256 },
    facts: [
      t('factIn', { amount: amountWords(amountFen), heading: headingWords(heading) }),
      t('factOn', { on: dayWords(bookedOn), text }),
      t('factDocument', { file: fileWords(document) }),
      t('factBalance', { yuan: yuanOf(balanceOf(standing) + amountFen) }),
    ],
  };
}

type SpendingField = Exclude<keyof SpendingForm, 'entryKind'>;

/** The members that only this kind of spending has, and its heading. */
function headed({ entryKind, heading, proposal }: SpendingForm) {
  if (entryKind === 'transfer') return { own: { entryKind }, heading: 'fund' } as const;
  if (entryKind === 'cost') {
    const chosen = heading as Extract<SpendingBody, { entryKind: 'cost' }>['heading'];
    return { own: { entryKind, heading: chosen }, heading: chosen } as const;
  }
  const [meeting = '', of = ''] = proposal.split(' ');
  return { own: { entryKind, meeting, proposal: of }, heading: 'resolution' } as const;
}

export function spendingDraft(
  form: SpendingForm,
  standing: Standing,
  /** The proposal as people know it. */
  proposalTitle: string,
): Draft<SpendingField, SpendingBody> {
  const { entryKind, document, bookedOn } = form;
  const common = moneyErrors(form, standing);
  const amountFen = fenOf(form.amount);
  const above = amountFen !== undefined && amountFen > balanceOf(standing);
  const errors = errorsOf<SpendingField>({
    ...common,
    amount: above ? t('above', { yuan: yuanOf(balanceOf(standing)) }) : common.amount,
    heading: entryKind === 'cost' && form.heading === '' ? draftingWord('choose') : undefined,
    proposal: entryKind === 'use' && form.proposal === '' ? draftingWord('choose') : undefined,
  });
  if (errors !== undefined || amountFen === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  const { own, heading } = headed(form);
  const text = cleanText(form.text);
  const kind = signedWord(entryKind);
  return {
    ok: true,
    body: { ...own, bookedOn, amountFen: String(amountFen), text, documentHash: document.sha256 },
    facts: [
      t('factOut', { amount: amountWords(amountFen), kind, heading: headingWords(heading) }),
      t('factOn', { on: dayWords(bookedOn), text }),
      ...(entryKind === 'use' ? [t('factProposal', { proposal: proposalTitle })] : []),
      t('factDocument', { file: fileWords(document) }),
      t('factBalance', { yuan: yuanOf(balanceOf(standing) - amountFen) }),
    ],
  };
}

/** Entries that can still be undone, the newest first. */
export function reversible({ entries }: Pick<Revenue, 'entries'>): readonly RevenueEntry[] {
  const records = entries.map(({ record }) => record);
  const undone = new Set(records.map(({ reverses }) => reverses));
  return records.filter(({ entry, entryKind }) => entryKind !== 'reversal' && !undone.has(entry)).reverse();
}

export type ReversalForm = {
  readonly reverses: string;
  readonly text: string;
  readonly document: OwnFile | undefined;
};
export const EMPTY_REVERSAL: ReversalForm = { reverses: '', text: '', document: undefined };

export function reversalDraft(
  { reverses, text, document }: ReversalForm,
  { today, revenue }: Standing,
): Draft<keyof ReversalForm, RevenueReversalBody> {
  const undone = reversible(revenue).find(({ entry }) => entry === reverses);
  const errors = errorsOf<keyof ReversalForm>({
    reverses: undone === undefined ? draftingWord('choose') : undefined,
    text: textError(text, 500),
    document: document === undefined ? draftingWord('file') : undefined,
  });
  if (errors !== undefined || undone === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  return {
    ok: true,
    body: { reverses, text: cleanText(text), documentHash: document.sha256 },
    facts: [
      t('factReversal', { entry: entryWords(undone) }),
      t('factOn', { on: dayWords(today), text: cleanText(text) }),
      t('factDocument', { file: fileWords(document) }),
      t('factBalance', {
        yuan: yuanOf((parseDecimal(revenue.balanceFen) ?? 0n) - BigInt(undone.amountFen)),
      }),
    ],
  };
}

/** What the half-year that comes next will say. */
export function periodDraft({ next, entries }: Pick<Revenue, 'next' | 'entries'>): Draft<never, PeriodBody> {
  const amounts = (wanted: (period: string) => boolean): readonly bigint[] =>
    entries
      .filter(({ record }) => wanted(halfYearOf(record.bookedOn)))
      .map(({ record }) => BigInt(record.amountFen));
  const own = amounts((period) => period === next);
  const openingFen = sumFen(amounts((period) => period < next));
  const inFen = sumFen(own.filter((fen) => fen > 0n));
  const outFen = sumFen(own.filter((fen) => fen < 0n));
  return {
    ok: true,
    body: { period: next },
    facts: [
      t('periodOpening', { yuan: yuanOf(openingFen) }),
      t('periodMoved', { in: yuanOf(inFen), out: yuanOf(-outFen), count: own.length }),
      t('periodClosing', { yuan: yuanOf(openingFen + inFen + outFen) }),
    ],
  };
}
