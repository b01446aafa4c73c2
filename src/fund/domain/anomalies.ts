/**
 * What the regulator should look at in a book: no finding is proof of anything, each names the entries that a person compares. All
 * amounts in fen (SPEC 8.3; 管理办法 §23, §30).
 */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays } from '../../base/civil-date.ts';
import { showYuan, sumFen } from '../../base/fen.ts';

/** An authorisation of a resolution, or of an emergency that nobody voted on. */
export type Granted = {
  readonly authorisation: string;
  readonly isEmergency: boolean;
  readonly payee: string;
  readonly payeeAccount: string;
  readonly capFen: bigint;
  readonly state: 'open' | 'closed' | 'revoked';
};

/** A stage or a payment under an authorisation; `reference` cites a stage's document, `payeeAccount` is of a payment. */
export type Step = {
  readonly kind: 'accrue' | 'pay';
  readonly authorisation: string;
  readonly seq: bigint;
  readonly bookedOn: CivilDate;
  readonly amountFen: bigint;
  readonly reference: string;
  readonly payeeAccount: string;
};

export type Inspected = {
  readonly today: CivilDate;
  /** From this amount on a payment would ask for more, such as an audit (Hangzhou 72: 30,000 yuan). */
  readonly thresholdFen: bigint;
  readonly granted: readonly Granted[];
  readonly steps: readonly Step[];
  /** What the developer owes today, whether or not anybody claimed it. */
  readonly claims: readonly {
    readonly authorisation: string;
    readonly authorisedOn: CivilDate;
    readonly amountFen: bigint;
  }[];
  /** Projects of applications whose day for an answer has passed. */
  readonly unanswered: readonly { readonly project: string; readonly answerBy: CivilDate }[];
  /** Months `YYYY-MM` of the book that are over and were not published. */
  readonly unpublished: readonly string[];
};

export type AnomalyKind =
  | 'no_acceptance'
  | 'acceptance_reused'
  | 'payee_changed'
  | 'split_payments'
  | 'near_cap'
  | 'emergency_repeated'
  | 'claim_waiting'
  | 'application_unanswered'
  | 'month_unpublished';

/** What was found, of which authorisation (empty for none), and the entries of the book that show it. */
export type Anomaly = {
  readonly kind: AnomalyKind;
  readonly authorisation: string;
  readonly seqs: readonly string[];
  readonly zh: string;
  readonly en: string;
};

/** Paid work is closed over its document within so many days of its last payment. */
const CLOSING_DAYS = 90;
/** The developer pays what his units lack within so many days of the authorisation. */
const CLAIM_DAYS = 60;
/** Payments to one payee within so many days belong together. */
const SPLIT_DAYS = 30;
/** A month is published within so many days of its end. */
const PUBLISHING_DAYS = 31;
/** Emergencies of one payee within so many days may be one work. */
const EMERGENCY_DAYS = 180;

const seqsOf = (steps: readonly Step[]): readonly string[] => steps.map(({ seq }) => String(seq));

const STAGE_DOCUMENT = /^验收 ([A-Za-z0-9_-]{43})$/;

function unaccepted({ today, granted, steps }: Inspected): readonly Anomaly[] {
  const undocumented = steps
    .filter(({ kind, reference }) => kind === 'accrue' && !STAGE_DOCUMENT.test(reference))
    .map(
      (step): Anomaly => ({
        kind: 'no_acceptance',
        authorisation: step.authorisation,
        seqs: seqsOf([step]),
        zh: '应付确认没有写明验收文件',
        en: 'A stage was accrued without a document of acceptance.',
      }),
    );
  const unclosed = granted.flatMap(({ authorisation, state }): Anomaly[] => {
    const paid = steps.filter((step) => step.kind === 'pay' && step.authorisation === authorisation);
    const last = paid.at(-1);
    if (state !== 'open' || last === undefined || addDays(last.bookedOn, CLOSING_DAYS) >= today) return [];
    const zh = `最后一次拨付（${last.bookedOn}）以后超过${CLOSING_DAYS}天，仍没有凭验收文件结清`;
    const en = `Not closed over a document of acceptance ${CLOSING_DAYS} days after its last payment (${last.bookedOn}).`;
    return [{ kind: 'no_acceptance', authorisation, seqs: seqsOf(paid), zh, en }];
  });
  return [...undocumented, ...unclosed];
}

/** One document accepts one stage; under two authorisations it may have been paid for twice. */
function reused({ steps }: Inspected): readonly Anomaly[] {
  const byDocument = new Map<string, Step[]>();
  for (const step of steps) {
    const document = STAGE_DOCUMENT.exec(step.reference)?.[1];
    if (step.kind === 'accrue' && document !== undefined)
      byDocument.set(document, [...(byDocument.get(document) ?? []), step]);
  }
  return [...byDocument.values()].flatMap((same): Anomaly[] => {
    if (new Set(same.map(({ authorisation }) => authorisation)).size < 2) return [];
    const zh = '同一份验收文件用于几项列支';
    const en = 'One document of acceptance stands under several authorisations.';
    return [{ kind: 'acceptance_reused', authorisation: '', seqs: seqsOf(same), zh, en }];
  });
}

function changedPayees({ granted, steps }: Inspected): readonly Anomaly[] {
  const accounts = new Map(granted.map(({ authorisation, payeeAccount }) => [authorisation, payeeAccount]));
  const elsewhere = steps
    .filter((step) => step.kind === 'pay' && accounts.has(step.authorisation))
    .filter((step) => step.payeeAccount !== accounts.get(step.authorisation))
    .map(
      (step): Anomaly => ({
        kind: 'payee_changed',
        authorisation: step.authorisation,
        seqs: seqsOf([step]),
        zh: '拨付的收款账户与批准的不同',
        en: 'Paid to another account than the authorisation names.',
      }),
    );
  const renamed = granted.flatMap(({ authorisation, payee, payeeAccount }, at): Anomaly[] => {
    const before = granted.slice(0, at).findLast((other) => other.payee === payee);
    if (before === undefined || before.payeeAccount === payeeAccount) return [];
    const zh = `收款方“${payee}”的账户与上一项列支不同`;
    const en = `The account of payee "${payee}" differs from that in the authorisation before.`;
    return [{ kind: 'payee_changed', authorisation, seqs: [], zh, en }];
  });
  return [...elsewhere, ...renamed];
}

/** Payments to one payee that stay under the threshold one by one and pass it together. */
function split({ steps, thresholdFen }: Inspected): readonly Anomaly[] {
  const under = steps.filter(({ kind, amountFen }) => kind === 'pay' && amountFen < thresholdFen);
  const reported = new Set<bigint>();
  return under.flatMap((first): Anomaly[] => {
    if (reported.has(first.seq)) return [];
    const until = addDays(first.bookedOn, SPLIT_DAYS);
    const together = under.filter(
      ({ payeeAccount, seq, bookedOn }) =>
        payeeAccount === first.payeeAccount && seq >= first.seq && bookedOn <= until,
    );
    const totalFen = sumFen(together.map(({ amountFen }) => amountFen));
    if (together.length < 2 || totalFen < thresholdFen) return [];
    for (const { seq } of together) reported.add(seq);
    const facts = { count: together.length, total: showYuan(totalFen), limit: showYuan(thresholdFen) };
    const zh = `${SPLIT_DAYS}天内向同一账户拨付${facts.count}笔，每笔不到${facts.limit}元，合计${facts.total}元`;
    const en = `${facts.count} payments to one account within ${SPLIT_DAYS} days, each under ${facts.limit} yuan, together ${facts.total} yuan.`;
    return [{ kind: 'split_payments', authorisation: first.authorisation, seqs: seqsOf(together), zh, en }];
  });
}

/** 95 % of the cap or more, and not the cap itself, which an agreed price is. */
function nearCap({ granted, steps }: Inspected): readonly Anomaly[] {
  return granted.flatMap(({ authorisation, capFen }): Anomaly[] => {
    const paid = steps.filter((step) => step.kind === 'pay' && step.authorisation === authorisation);
    const paidFen = sumFen(paid.map(({ amountFen }) => amountFen));
    if (paidFen * 20n < capFen * 19n || paidFen === capFen) return [];
    const zh = `已拨付${showYuan(paidFen)}元，接近批准金额${showYuan(capFen)}元`;
    const en = `${showYuan(paidFen)} yuan were paid, close to the ${showYuan(capFen)} yuan that were authorised.`;
    return [{ kind: 'near_cap', authorisation, seqs: seqsOf(paid), zh, en }];
  });
}

/** Work that is cut into emergencies never meets a vote. */
function repeatedEmergencies({ granted, steps }: Inspected): readonly Anomaly[] {
  const emergencies = new Set(
    granted.flatMap(({ authorisation, isEmergency }) => (isEmergency ? [authorisation] : [])),
  );
  const stages = steps.filter(
    ({ kind, authorisation }) => kind === 'accrue' && emergencies.has(authorisation),
  );
  const payees = new Map(granted.map(({ authorisation, payeeAccount }) => [authorisation, payeeAccount]));
  const reported = new Set<string>();
  return stages.flatMap((first): Anomaly[] => {
    const payee = payees.get(first.authorisation) ?? '';
    const until = addDays(first.bookedOn, EMERGENCY_DAYS);
    const together = stages.filter(
      ({ authorisation, seq, bookedOn }) =>
        payees.get(authorisation) === payee && seq >= first.seq && bookedOn <= until,
    );
    const count = new Set(together.map(({ authorisation }) => authorisation)).size;
    if (count < 2 || reported.has(payee)) return [];
    reported.add(payee);
    const zh = `${EMERGENCY_DAYS}天内有${count}项紧急维修付给同一账户`;
    const en = `${count} emergencies to one payee within ${EMERGENCY_DAYS} days.`;
    return [
      { kind: 'emergency_repeated', authorisation: first.authorisation, seqs: seqsOf(together), zh, en },
    ];
  });
}

/** Until he pays, the work that the others decided waits. */
const waitingClaims = ({ today, claims }: Inspected): readonly Anomaly[] =>
  claims
    .filter(({ authorisedOn }) => addDays(authorisedOn, CLAIM_DAYS) < today)
    .map(({ authorisation, authorisedOn, amountFen }) => ({
      kind: 'claim_waiting',
      authorisation,
      seqs: [],
      zh: `建设单位房屋应补${showYuan(amountFen)}元，从${authorisedOn}授权起超过${CLAIM_DAYS}天没有补足`,
      en: `The developer owes ${showYuan(amountFen)} yuan under what was authorised on ${authorisedOn}, not paid in ${CLAIM_DAYS} days.`,
    }));

const unanswered = ({ unanswered: late }: Inspected): readonly Anomaly[] =>
  late.map(({ project, answerBy }) => ({
    kind: 'application_unanswered',
    authorisation: '',
    seqs: [],
    zh: `物业服务人的维修申请“${project}”应在${answerBy}前答复，还没有答复`,
    en: `The application "${project}" should have been answered by ${answerBy}.`,
  }));

function unpublished({ today, unpublished: months }: Inspected): readonly Anomaly[] {
  return months
    .filter((month) => addDays(addDays(`${month}-01`, 31), PUBLISHING_DAYS) < today)
    .map((month) => ({
      kind: 'month_unpublished',
      authorisation: '',
      seqs: [],
      zh: `${month} 的账目还没有公布`,
      en: `The month ${month} is not published.`,
    }));
}

/** All that was found, by kind; steps in order of `seq`, authorisations in the order of the log. */
export const anomaliesOf = (inspected: Inspected): readonly Anomaly[] =>
  [
    unaccepted,
    reused,
    changedPayees,
    split,
    nearCap,
    repeatedEmergencies,
    waitingClaims,
    unanswered,
    unpublished,
  ].flatMap((look) => look(inspected));
