/** Refusals as RFC 9457 problem documents: one stable code, one status, one sentence in Chinese and one in English. */
import type { Response } from 'express';
import type { Refusal } from '../base/result.ts';
import type { ProblemText, ProblemTexts } from './problem-text.ts';
import { ASSEMBLY_PROBLEMS } from './problem-texts/assembly.ts';
import { BALLOT_PROBLEMS } from './problem-texts/ballot.ts';
import { COMMON_PROBLEMS } from './problem-texts/common.ts';
import { FUND_PROBLEMS } from './problem-texts/fund.ts';
import { IDENTITY_PROBLEMS } from './problem-texts/identity.ts';
import { OFFICER_PROBLEMS } from './problem-texts/officers.ts';
import { OUTAGE_PROBLEMS } from './problem-texts/outages.ts';
import { REGISTRY_PROBLEMS } from './problem-texts/registry.ts';
import { TALLY_PROBLEMS } from './problem-texts/tally.ts';

const TEXTS: ProblemTexts = {
  ...COMMON_PROBLEMS,
  ...OUTAGE_PROBLEMS,
  ...OFFICER_PROBLEMS,
  ...REGISTRY_PROBLEMS,
  ...IDENTITY_PROBLEMS,
  ...ASSEMBLY_PROBLEMS,
  ...BALLOT_PROBLEMS,
  ...TALLY_PROBLEMS,
  ...FUND_PROBLEMS,
};

/** Every code that can leave the service, for the documentation and its test. */
export const problemCodes = (): readonly string[] => Object.keys(TEXTS).sort();

const UNKNOWN: ProblemText = { status: 422, zh: '请求被拒绝', en: 'The request was refused.' };

/** The text of a code; a code without a text is still answered, as 422. */
export const problemText = (code: string): ProblemText =>
  (Object.hasOwn(TEXTS, code) ? TEXTS[code] : UNKNOWN) ?? UNKNOWN;

/** Further members of a problem document, such as the findings of an import. */
export type ProblemExtras = Readonly<Record<string, unknown>>;

/** Answers a refusal; `detail` never holds personal data. */
export function sendProblem(response: Response, refusal: Refusal, extras: ProblemExtras = {}): void {
  const { status, zh, en, retryAfterS } = problemText(refusal.code);
  if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(
      JSON.stringify({
        type: `https://vote.example/problems/${refusal.code.toLowerCase().replaceAll('_', '-')}`,
        title: zh,
        title_en: en,
        status,
        code: refusal.code,
        ...(refusal.where === undefined ? {} : { where: refusal.where }),
        ...(refusal.facts === undefined ? {} : { facts: refusal.facts }),
        ...extras,
      }),
    );
}
