/** LOG-01 of `fund.jsonl` and `top-ups.jsonl`: their records of each kind are those whose hashes the log names, in log order (SPEC 8.3, 8.5, 8.6, 9.1). */
import { fromBase64Url } from '../base/bytes.ts';
import { applicationAnswerHash, applicationHash } from '../record/application.ts';
import type { FundLine } from '../record/bundle-lines.ts';
import { emergencyHash } from '../record/emergency.ts';
import { authorisationHash, fundEntryHash, fundMonthHash, refundHash } from '../record/fund.ts';
import { revenueEntryHash, revenuePeriodHash } from '../record/revenue.ts';
import { topUpCallHash } from '../record/top-up.ts';
import type { Contents } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import { compare } from './explained-lines.ts';
import type { Verification } from './verification.ts';

type Kind = FundLine['kind'];
type Log = Verification['log'];
type Filter = { readonly community: string };
type Named = { readonly index: number; readonly hash: string };

const HASHES: Readonly<Record<Kind, (bytes: Uint8Array) => string>> = {
  authorisation: authorisationHash,
  refund: refundHash,
  emergency: emergencyHash,
  application: applicationHash,
  'application-answer': applicationAnswerHash,
  'fund-entry': fundEntryHash,
  'fund-month': fundMonthHash,
  'revenue-entry': revenueEntryHash,
  'revenue-period': revenuePeriodHash,
};

/** What the log names of each kind; authorisations of resolutions are another question. */
const NAMED: Readonly<
  Record<Exclude<Kind, 'authorisation'>, (log: Log, filter: Filter) => readonly Named[]>
> = {
  refund: (log, filter) =>
    entriesOf(log, 'refund.authorised', filter).map(({ index, entry }) => ({
      index,
      hash: entry.refundHash,
    })),
  emergency: (log, filter) =>
    entriesOf(log, 'emergency.authorised', filter).map(({ index, entry }) => ({
      index,
      hash: entry.emergencyHash,
    })),
  application: (log, filter) =>
    entriesOf(log, 'application.filed', filter).map(({ index, entry }) => ({
      index,
      hash: entry.applicationHash,
    })),
  'application-answer': (log, filter) =>
    entriesOf(log, 'application.answered', filter).map(({ index, entry }) => ({
      index,
      hash: entry.answerHash,
    })),
  'fund-entry': (log, filter) =>
    entriesOf(log, 'fund.entry', filter).map(({ index, entry }) => ({ index, hash: entry.hash })),
  'fund-month': (log, filter) =>
    entriesOf(log, 'fund.published', filter).map(({ index, entry }) => ({ index, hash: entry.monthHash })),
  'revenue-entry': (log, filter) =>
    [...entriesOf(log, 'revenue.received', filter), ...entriesOf(log, 'revenue.spent', filter)]
      .map(({ index, entry }) => ({ index, hash: entry.revenueHash }))
      .sort((a, b) => a.index - b.index),
  'revenue-period': (log, filter) =>
    entriesOf(log, 'revenue.published', filter).map(({ index, entry }) => ({
      index,
      hash: entry.periodHash,
    })),
};

/** The lines of one kind with the hashes that the log names. */
const linesOf = (contents: Contents, kind: Kind) =>
  contents.fund
    ?.filter(({ value }) => value.kind === kind)
    .map(({ where, value }) => ({
      where,
      hash: HASHES[kind](fromBase64Url(value.record) ?? new Uint8Array()),
    }));

/** Makes the check. */
export function explainFund(the: Verification): void {
  const { contents, definition, log } = the;
  const filter = { community: definition.community };
  for (const [kind, named] of Object.entries(NAMED))
    compare(the, 'fund.jsonl', named(log, filter), linesOf(contents, kind as Kind));
  explainAuthorisations(the, filter);
  const calls = entriesOf(log, 'topup.called', filter).map(({ index, entry }) => ({
    index,
    hash: entry.callHash,
  }));
  const held = contents.topUps?.map(({ where, value }) => ({
    where,
    hash: topUpCallHash(fromBase64Url(value.record) ?? new Uint8Array()),
  }));
  compare(the, 'top-ups.jsonl', calls, held);
}

/** Authorisations of the community's other meetings may stand there too, since the book is one. */
function explainAuthorisations({ contents, definition, log, notebook }: Verification, filter: Filter): void {
  const all = entriesOf(log, 'fund.authorised', filter);
  const lines = linesOf(contents, 'authorisation') ?? [];
  const held = new Set(lines.map(({ hash }) => hash));
  const named = new Set(all.map(({ entry }) => entry.authorisationHash));
  for (const { index, entry } of all) {
    if (entry.meeting !== definition.meeting) continue;
    const hash = entry.authorisationHash;
    notebook.holds('LOG-01', `log ${index}`, held.has(hash), `fund.jsonl holds ${hash}`, 'no line');
  }
  for (const { where, hash } of lines)
    notebook.holds('LOG-01', where, named.has(hash), 'a fund.authorised of the log', `none names ${hash}`);
}
