/** Refusals as RFC 9457 problem documents: one stable code, one status, one sentence in Chinese and one in English. */
import type { Response } from 'express';
import type { Refusal } from '../base/result.ts';
import type { ProblemText, ProblemTexts } from './problem-text.ts';
import { ASSEMBLY_PROBLEMS } from './problem-texts/assembly.ts';
import { BALLOT_PROBLEMS } from './problem-texts/ballot.ts';
import { COMMON_PROBLEMS } from './problem-texts/common.ts';
import { FUND_PROBLEMS } from './problem-texts/fund.ts';
import { IDENTITY_PROBLEMS } from './problem-texts/identity.ts';
import { MANDATE_PROBLEMS } from './problem-texts/mandate.ts';
import { NOTICE_PROBLEMS } from './problem-texts/notice.ts';
import { OFFICER_PROBLEMS } from './problem-texts/officers.ts';
import { OUTAGE_PROBLEMS } from './problem-texts/outages.ts';
import { PROVIDER_PROBLEMS } from './problem-texts/provider.ts';
import { REGISTRY_PROBLEMS } from './problem-texts/registry.ts';
import { REQUISITION_PROBLEMS } from './problem-texts/requisition.ts';
import { REVENUE_PROBLEMS } from './problem-texts/revenue.ts';
import { TALLY_PROBLEMS } from './problem-texts/tally.ts';

const TEXTS: ProblemTexts = {
  ...COMMON_PROBLEMS,
  ...OUTAGE_PROBLEMS,
  ...OFFICER_PROBLEMS,
  ...REGISTRY_PROBLEMS,
  ...NOTICE_PROBLEMS,
  ...IDENTITY_PROBLEMS,
  ...MANDATE_PROBLEMS,
  ...PROVIDER_PROBLEMS,
  ...ASSEMBLY_PROBLEMS,
  ...BALLOT_PROBLEMS,
  ...REQUISITION_PROBLEMS,
  ...TALLY_PROBLEMS,
  ...FUND_PROBLEMS,
  ...REVENUE_PROBLEMS,
};

/** Every code that can leave the service, for the documentation and its test. */
export const problemCodes = (): readonly string[] => Object.keys(TEXTS).sort();

const UNKNOWN: ProblemText = { status: 422, zh: '请求被拒绝', en: 'The request was refused.' };

/** The text of a code; a code without a text is still answered, as 422. */
export const problemText = (code: string): ProblemText =>
  (Object.hasOwn(TEXTS, code) ? TEXTS[code] : UNKNOWN) ?? UNKNOWN;

/** Further members of a problem document, such as the findings of an import. */
export type ProblemExtras = Readonly<Record<string, unknown>>;

/** The address under which a code is explained. */
const typeOf = (code: string): string =>
  `https://vote.example/problems/${code.toLowerCase().replaceAll('_', '-')}`;

/** A refusal as it is written on the wire. */
export type ProblemDocument = {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  readonly text: string;
};

/** The document of a refusal; it never holds personal data. */
export function problemDocument(refusal: Refusal, extras: ProblemExtras = {}): ProblemDocument {
  const { code, where, facts } = refusal;
  const { status, zh, en, retryAfterS } = problemText(code);
  const wait = facts?.['retryAfterS'];
  return {
    status,
    retryAfterS: typeof wait === 'number' ? wait : retryAfterS,
    text: JSON.stringify({
      type: typeOf(code),
      title: zh,
      title_en: en,
      status,
      code,
      ...(where === undefined ? {} : { where }),
      ...(facts === undefined ? {} : { facts }),
      ...extras,
    }),
  };
}

/** Answers a refusal, unless the request has been answered already. */
export function sendProblem(response: Response, refusal: Refusal, extras: ProblemExtras = {}): void {
  if (response.headersSent) return;
  const { status, retryAfterS, text } = problemDocument(refusal, extras);
  if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
  // Whoever sends too slowly would only go on.
  if (status === 408) response.set('Connection', 'close');
  response.status(status).type('application/problem+json').set('Cache-Control', 'no-store').send(text);
}
