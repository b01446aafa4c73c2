/** A property manager's application for work on the fund, and the committee's answer to it (SPEC 8.3; 165 §22–23). */
import { h256Text } from '../crypto/frame.ts';
import { scope } from './meeting.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, decimal, hash, id, idOrNone, label, labelOrNone, nonce } from './shapes.ts';

/** Within so many days an application is answered: no national text has a number, so it is ours and shown. */
export const ANSWER_DAYS = 30;

/** A unified social credit code by its alphabet (GB 32100); genuine early codes fail its check digit, so that is not asked for. */
export const CREDIT_CODE = /^[0-9A-HJ-NPQRTUWXY]{18}$/;

const application = closed({
  v: exactly(1),
  kind: oneOf('application'),
  application: id,
  community: id,
  /** The manager, a legal person, and its unified social credit code. */
  company: label,
  creditCode: text(18, CREDIT_CODE),
  filedOn: civilDate,
  answerBy: civilDate,
  /** What the plan must contain: project, budget, who bears it, handling of emergencies (165 §23). */
  project: label,
  plan: text(4000),
  budgetFen: decimal,
  payee: labelOrNone,
  units: scope,
  emergencyPlan: text(2000),
  /** SHA-256 of the application that the manager sealed. */
  documentHash: hash,
  attachments: list(closed({ name: label, sha256: hash }), 20),
  nonce,
});

export type Application = Of<typeof application>;
/** Of the members of its scope, as they stand in the record. */
export const MAX_SCOPE_BYTES = 88 * 1024;
export const applicationForm = recordForm(application, 'application', 128 * 1024);
/** `H256("application", bytes)`. */
export const applicationHash = (bytes: Uint8Array): string => h256Text('application', bytes);

const applicationAnswer = closed({
  v: exactly(1),
  kind: oneOf('application-answer'),
  community: id,
  application: id,
  decision: oneOf('convened', 'refused'),
  /** Of the meeting that was noticed, and its proposal that uses the fund; empty where it is refused. */
  meeting: idOrNone,
  proposal: idOrNone,
  /** Empty where a meeting was convened. */
  reason: text(4000),
  nonce,
});

export type ApplicationAnswer = Of<typeof applicationAnswer>;
export const applicationAnswerForm = recordForm(applicationAnswer, 'application answer', 32 * 1024);
/** `H256("application-answer", bytes)`. */
export const applicationAnswerHash = (bytes: Uint8Array): string => h256Text('application-answer', bytes);
