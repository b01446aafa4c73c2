/**
 * Letters made in the page: the file is the imported one, every owner opens his commitment, codes come from the browser, and what is sent
 * is the public half (SPEC 3.2). No refusal and no request holds a code.
 */
import { compareText } from '../../../base/bytes.ts';
import type { CivilDate } from '../../../base/civil-date.ts';
import { nextTurn } from '../../../base/next-turn.ts';
import type { Household } from '../../../identity/domain/letter-households.ts';
import { householdsOf } from '../../../identity/domain/letter-households.ts';
import type { LettersRefusal, MadeLetters } from '../../../identity/domain/letter-making.ts';
import { makeLetters } from '../../../identity/domain/letter-making.ts';
import type { LetterRoster } from '../../../identity/letter-roster.ts';
import type { OpenRefusal } from '../../../registry/opened-register.ts';
import { openRegisterFile } from '../../../registry/opened-register.ts';
import type { Answer } from '../../kit/api.ts';
import { call } from '../../kit/api.ts';
import { draw } from '../../kit/draw.ts';
import { callProved } from '../proof.ts';
import type { PrintFacts } from './letter-sheets.tsx';
import { t } from './words.ts';

export type Wish = {
  readonly community: string;
  readonly file: File;
  readonly today: CivilDate;
  /** Empty for no end. */
  readonly until: string;
  readonly helpLine: string;
  /** Who gets another letter, and why; without it everybody who has none. */
  readonly reissue?: { readonly persons: readonly string[]; readonly reason: string };
};

/** What was made; `codes` go to paper only. */
export type Batch = {
  readonly codes: MadeLetters['codes'];
  readonly households: readonly Household[];
  readonly facts: PrintFacts;
  /** What is sent, and what officers compare: nothing secret. */
  readonly upload: {
    readonly batch: string;
    readonly madeIn: 'browser';
    readonly until: string;
    readonly items: MadeLetters['items'];
  };
  readonly path: string;
  readonly reason: string | undefined;
  /** A batch that is sent again is the same request. */
  readonly key: string;
};

/** How far the making is, in words. */
export type Told = (words: string) => void;

const refused = ({ code, where = '' }: LettersRefusal | OpenRefusal) =>
  ({ ok: false, problem: { code, sentence: t(`refused_${code}`, { where }) } }) as const;

/** Makes the letters; nothing has left the page but the request for the roster. */
export async function makeBatch(wish: Wish, tell: Told): Promise<Answer<Batch>> {
  const { community, file, today, until, helpLine, reissue } = wish;
  const roster = await callProved<LetterRoster>('GET', `/v1/communities/${community}/roster`);
  if (!roster.ok) return roster;
  tell(t('reading'));
  await nextTurn();
  const register = await openRegisterFile(new Uint8Array(await file.arrayBuffer()), roster.value, today);
  if (!register.ok) return refused(register.refusal);
  const made = await makeLetters({
    roster: roster.value,
    register: register.value,
    random: draw,
    onMade: (done, of) => tell(t('making', { made: done, of })),
    ...(reissue === undefined ? {} : { only: reissue.persons }),
  });
  if (!made.ok) return refused(made.refusal);
  const { batch, items, codes } = made.value;
  const path = `/v1/communities/${community}/letters`;
  const sorted = [...items].sort((a, b) => compareText(a.letter, b.letter));
  const value: Batch = {
    codes,
    households: householdsOf(codes),
    facts: { community: roster.value.name, host: location.origin, until, helpLine },
    upload: { batch, madeIn: 'browser', until, items: sorted },
    path: reissue === undefined ? path : `${path}/reissues`,
    reason: reissue?.reason,
    // The batch's own id: equal tries are one.
    key: batch,
  };
  return { ok: true, value };
}

/** Sends the public half, and has its act drafted. */
export const sendBatch = ({ path, upload, reason, key }: Batch): Promise<Answer<unknown>> =>
  call('POST', path, reason === undefined ? upload : { ...upload, reason }, key);

/** Takes the codes out of the page's memory, as far as a page can. */
export function forgetCodes({ codes }: Batch): void {
  for (const { code } of codes) code.fill(0);
}
