/** A call to top up, and its withdrawal, as they are typed: over the list that the service worked out, and not over another. Pure (SPEC 8.6). */
import { sumFen } from '../../../base/fen.ts';
import type {
  TopUpCallBody,
  TopUpCallsAnswer,
  TopUpListAnswer,
  TopUpWithdrawalBody,
} from '../../../fund/top-up-routes.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { dayWords } from '../../kit/times.ts';
import type { Decided } from './decided.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, OwnFile } from './drafts.ts';
import { amountWords, cleanText, errorsOf, fileWords, textError } from './drafts.ts';
import { t } from './top-up-desk-words.ts';

/** What was asked of the service, and what it answered. */
export type CheckedList = TopUpListAnswer & { readonly csv: string; readonly targetPercent: number };

export type TopUpForm = {
  readonly file: (OwnFile & { readonly csv: string }) | undefined;
  readonly percent: string;
  /** Undefined until the service has worked it out. */
  readonly list: CheckedList | undefined;
  readonly ground: 'vote' | 'rule';
  /** Meeting and proposal with a space between; empty until chosen. */
  readonly resolution: string;
  readonly rule: OwnFile | undefined;
  readonly dueOn: string;
  readonly text: string;
};
export const EMPTY_TOP_UP: TopUpForm = {
  file: undefined,
  percent: '100',
  list: undefined,
  ground: 'vote',
  resolution: '',
  rule: undefined,
  dueOn: '',
  text: '',
};

export type TopUpField = 'file' | 'percent' | 'resolution' | 'rule' | 'dueOn' | 'text';

/** The target as a number; undefined where it is none. */
export function percentOf(typed: string): number | undefined {
  const clean = cleanText(typed);
  const percent = /^[0-9]{2,3}$/.test(clean) ? Number(clean) : 0;
  return percent >= 30 && percent <= 100 ? percent : undefined;
}

/** What the homes of a list are asked for together, in fen. */
export const missingOf = ({ below }: TopUpListAnswer): bigint =>
  sumFen(below.map(({ missingFen }) => BigInt(missingFen)));

/** Whether the list is of the file and the target that stand in the form. */
const isOfForm = ({ file, percent, list }: TopUpForm): boolean =>
  list !== undefined && list.csv === file?.csv && list.targetPercent === percentOf(percent);

export function topUpDraft(
  form: TopUpForm,
  decided: readonly Decided[],
  today: string,
): Draft<TopUpField, TopUpCallBody> {
  const { file, percent, list, ground, resolution, rule, dueOn } = form;
  const isByVote = ground === 'vote';
  const fileError = isOfForm(form) ? (list?.below.length === 0 ? t('nobody') : undefined) : t('checkFirst');
  const errors = errorsOf<TopUpField>({
    file: file === undefined ? draftingWord('file') : fileError,
    percent: percentOf(percent) === undefined ? t('percentWrong') : undefined,
    resolution: isByVote && resolution === '' ? draftingWord('choose') : undefined,
    rule: !isByVote && rule === undefined ? draftingWord('file') : undefined,
    dueOn: dueOn > today ? undefined : t('dueWrong'),
    text: textError(form.text, 2000),
  });
  if (errors !== undefined || list === undefined || file === undefined)
    return { ok: false, errors: errors ?? {} };
  const [meeting = '', proposal = ''] = isByVote ? resolution.split(' ') : [];
  const text = cleanText(form.text);
  const title = decided.find(({ id }) => id === resolution)?.text ?? '';
  return {
    ok: true,
    body: {
      ...{ csv: list.csv, targetPercent: list.targetPercent, meeting, proposal, dueOn, text },
      documentHash: isByVote ? '' : (rule?.sha256 ?? ''),
    },
    facts: [
      t('factHomes', { count: list.below.length, amount: amountWords(missingOf(list)) }),
      t('factTarget', { percent: list.targetPercent, on: dayWords(dueOn) }),
      isByVote
        ? t('factVote', { title })
        : t('factRule', { file: rule === undefined ? '' : fileWords(rule) }),
      t('factFile', { file: fileWords(file) }),
      t('factText', { text }),
    ],
  };
}

export type Call = TopUpCallsAnswer['calls'][number];

export function withdrawalDraft(
  { homes, dueFen }: Call,
  document: OwnFile | undefined,
): Draft<'document', TopUpWithdrawalBody> {
  if (document === undefined) return { ok: false, errors: { document: draftingWord('file') } };
  return {
    ok: true,
    body: { documentHash: document.sha256 },
    facts: [
      t('factWithdraw', { homes, yuan: yuanWords(dueFen) }),
      t('factDocument', { file: fileWords(document) }),
    ],
  };
}
