/** The log entries about money: what opens and closes the fund, what is asked of it, its book and its months (SPEC 7.2, 8.3). */
import { evidence, inCommunity, inMeeting, kind } from './entry-parts.ts';
import { ENTRY_KINDS, monthText } from './fund.ts';
import { halfYearText } from './revenue.ts';
import { closed, integer, oneOf } from './schema.ts';
import { hash, id } from './shapes.ts';

/** Spread into the schemas of all kinds. */
export const fundShapes = {
  'resolution.annulled': closed({
    ...inMeeting,
    kind: kind('resolution.annulled'),
    proposal: id,
    documentHash: hash,
    evidence,
  }),
  'fund.authorised': closed({
    ...inMeeting,
    kind: kind('fund.authorised'),
    authorisation: id,
    authorisationHash: hash,
    evidence,
  }),
  'refund.authorised': closed({
    ...inCommunity,
    kind: kind('refund.authorised'),
    authorisation: id,
    refundHash: hash,
    evidence,
  }),
  'application.filed': closed({
    ...inCommunity,
    kind: kind('application.filed'),
    application: id,
    applicationHash: hash,
    evidence,
  }),
  'application.answered': closed({
    ...inCommunity,
    kind: kind('application.answered'),
    application: id,
    answerHash: hash,
    evidence,
  }),
  /** From here on emergencies open the fund, or open it no more; `declaration` tells two of one kind apart (SPEC 8.3). */
  'emergencies.declared': closed({
    ...inCommunity,
    kind: kind('emergencies.declared'),
    declaration: id,
    emergencies: oneOf('allowed', 'barred'),
    documentHash: hash,
    evidence,
  }),
  'emergency.authorised': closed({
    ...inCommunity,
    kind: kind('emergency.authorised'),
    authorisation: id,
    emergencyHash: hash,
    evidence,
  }),
  /** From here on an emergency that was found unlawful opens the fund no more (SPEC 8.3). */
  'emergency.annulled': closed({
    ...inCommunity,
    kind: kind('emergency.annulled'),
    authorisation: id,
    documentHash: hash,
    evidence,
  }),
  'fund.closed': closed({
    ...inCommunity,
    kind: kind('fund.closed'),
    authorisation: id,
    documentHash: hash,
    evidence,
  }),
  'fund.published': closed({
    ...inCommunity,
    kind: kind('fund.published'),
    month: monthText,
    monthHash: hash,
    evidence,
  }),
  'fund.entry': closed({
    ...inCommunity,
    kind: kind('fund.entry'),
    book: id,
    seq: integer(1, Number.MAX_SAFE_INTEGER),
    entryKind: oneOf(...ENTRY_KINDS),
    hash,
    evidence,
  }),
  'revenue.received': closed({
    ...inCommunity,
    kind: kind('revenue.received'),
    entry: id,
    revenueHash: hash,
    evidence,
  }),
  'revenue.spent': closed({
    ...inCommunity,
    kind: kind('revenue.spent'),
    entry: id,
    revenueHash: hash,
    evidence,
  }),
  'revenue.published': closed({
    ...inCommunity,
    kind: kind('revenue.published'),
    period: halfYearText,
    periodHash: hash,
    evidence,
  }),
  'topup.called': closed({
    ...inCommunity,
    kind: kind('topup.called'),
    call: id,
    /** By what the call is made, since it decides who signs (SPEC 2.4). */
    ground: oneOf('resolution', 'rule'),
    callHash: hash,
    evidence,
  }),
  /** From here on nobody is asked for anything by this call (SPEC 8.6). */
  'topup.withdrawn': closed({
    ...inCommunity,
    kind: kind('topup.withdrawn'),
    call: id,
    documentHash: hash,
    evidence,
  }),
} as const;
