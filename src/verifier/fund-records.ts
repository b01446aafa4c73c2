/** The fund's records of a bundle, read from `fund.jsonl`, each with the hash that the log names (SPEC 8.3, 9.1). */
import { fromBase64Url } from '../base/bytes.ts';
import type { Application, ApplicationAnswer } from '../record/application.ts';
import {
  applicationAnswerForm,
  applicationAnswerHash,
  applicationForm,
  applicationHash,
} from '../record/application.ts';
import type { Emergency } from '../record/emergency.ts';
import { emergencyForm, emergencyHash } from '../record/emergency.ts';
import type { Authorisation, FundEntry, FundMonth, Refund } from '../record/fund.ts';
import {
  authorisationForm,
  authorisationHash,
  fundEntryForm,
  fundEntryHash,
  fundMonthForm,
  fundMonthHash,
  refundForm,
  refundHash,
} from '../record/fund.ts';
import type { RevenueEntry, RevenuePeriod } from '../record/revenue.ts';
import {
  revenueEntryForm,
  revenueEntryHash,
  revenuePeriodForm,
  revenuePeriodHash,
} from '../record/revenue.ts';
import type { RecordForm } from '../record/schema.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { Verification } from './verification.ts';

/** What the fund may be opened by. */
export type Opening = Authorisation | Emergency | Refund;

/** A record, its hash and the line where it stands. */
export type Held<T> = { readonly where: string; readonly hash: string; readonly value: T };
export type FundRecords = {
  readonly authorisations: readonly Held<Authorisation>[];
  readonly refunds: readonly Held<Refund>[];
  readonly emergencies: readonly Held<Emergency>[];
  readonly applications: readonly Held<Application>[];
  readonly answers: readonly Held<ApplicationAnswer>[];
  readonly revenue: readonly Held<RevenueEntry>[];
  readonly periods: readonly Held<RevenuePeriod>[];
  readonly entries: readonly Held<FundEntry>[];
  readonly months: readonly Held<FundMonth>[];
};

/** Reads the lines; one that is no record of its kind is noted and left out. */
export function readFund({ contents, notebook }: Verification): FundRecords {
  const lines = contents.fund ?? [];
  const read = <T>(kind: string, form: RecordForm<T>, hashOf: (bytes: Uint8Array) => string): Held<T>[] =>
    lines
      .filter(({ value }) => value.kind === kind)
      .flatMap(({ where, value }) => {
        const bytes = fromBase64Url(value.record) ?? new Uint8Array();
        const parsed = form.parse(bytes);
        if (!parsed.ok) noteRefusal(notebook, where, parsed.refusal);
        return parsed.ok ? [{ where, hash: hashOf(bytes), value: parsed.value }] : [];
      });
  return {
    authorisations: read('authorisation', authorisationForm, authorisationHash),
    refunds: read('refund', refundForm, refundHash),
    emergencies: read('emergency', emergencyForm, emergencyHash),
    applications: read('application', applicationForm, applicationHash),
    answers: read('application-answer', applicationAnswerForm, applicationAnswerHash),
    revenue: read('revenue-entry', revenueEntryForm, revenueEntryHash),
    periods: read('revenue-period', revenuePeriodForm, revenuePeriodHash),
    entries: read('fund-entry', fundEntryForm, fundEntryHash),
    months: read('fund-month', fundMonthForm, fundMonthHash),
  };
}
