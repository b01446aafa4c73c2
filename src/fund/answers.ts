/** The fund's readings in their wire form: fen as decimal text (contract.ts). */
import { toBase64Url } from '../base/bytes.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import type { OwnCall } from './calls.ts';
import type { BookAnswer, OwnAccountsAnswer, PaymentsAnswer, StatementAnswer } from './contract.ts';
import type { Statement } from './domain/statement.ts';
import type { ListedOrder } from './ordering.ts';
import type { OwnAccounts } from './own-accounts.ts';
import type { BookSummary } from './reading.ts';
import type { Shortfall } from './refusals.ts';

/** What a household lacks. */
export const shortfallAnswer = ({ unit, shareFen, availableFen, missingFen }: Shortfall) => ({
  unit,
  shareFen: String(shareFen),
  availableFen: String(availableFen),
  missingFen: String(missingFen),
});

/** By whom it was decided. */
const basisOf = (record: StoredAuthorisation['record']) =>
  record.kind === 'emergency'
    ? { kind: 'emergency' as const, meeting: '', proposal: '' }
    : { kind: 'resolution' as const, meeting: record.meeting, proposal: record.proposal };

/** A book at a glance, for anybody: how many households are short, not which. */
export function bookAnswer(book: BookSummary): BookAnswer {
  return {
    book: book.book,
    lastSeq: String(book.lastSeq),
    lastBookedOn: book.lastBookedOn,
    totals: Object.fromEntries(Object.entries(book.totals).map(([kind, fen]) => [kind, String(fen)])),
    banks: book.banks.map(({ account, name, balanceFen }) => ({
      account,
      name,
      balanceFen: String(balanceFen),
    })),
    authorisations: book.authorisations.map(
      ({
        authorisation,
        heldFen,
        payableFen,
        claimFen,
        developerUnits,
        paidFen,
        wasHeld,
        shortfalls,
        ...undone
      }) => ({
        authorisation: authorisation.authorisation,
        ...basisOf(authorisation.record),
        state: authorisation.state,
        capFen: String(authorisation.capFen),
        payee: authorisation.record.payee,
        payeeAccount: authorisation.record.payeeAccount,
        purpose: authorisation.record.purpose,
        units: authorisation.record.shares.length,
        heldFen: String(heldFen),
        payableFen: String(payableFen),
        claimFen: String(claimFen),
        developerUnits,
        paidFen: String(paidFen),
        wasHeld,
        householdsShort: shortfalls.length,
        bookedClaimFen: String(undone.bookedClaimFen),
        cancellable: undone.cancellable.map(({ seq, amountFen, ...accrual }) => ({
          ...accrual,
          seq: String(seq),
          amountFen: String(amountFen),
        })),
        restStays: undone.restStays,
      }),
    ),
  };
}

/** A household's statement. */
export const statementAnswer = (statement: Statement): StatementAnswer => ({
  unit: statement.unit,
  asOf: statement.asOf,
  availableFen: String(statement.availableFen),
  totalFen: String(statement.totalFen),
  held: statement.held.map(({ authorisation, amountFen }) => ({
    authorisation,
    amountFen: String(amountFen),
  })),
  lines: statement.lines.map((line) => ({
    seq: String(line.seq),
    kind: line.kind,
    bookedOn: line.bookedOn,
    valueOn: line.valueOn,
    narrative: line.narrative,
    reference: line.reference,
    authorisation: line.authorisation,
    availableFen: String(line.availableFen),
    heldFen: String(line.heldFen),
    availableAfterFen: String(line.availableAfterFen),
    heldAfterFen: String(line.heldAfterFen),
    logIndex: line.logIndex ?? null,
    share: line.share ?? null,
  })),
});

function ownCallAnswer({ unit: _, firstFen, balanceFen, dueFen, openFen, ...call }: OwnCall) {
  return {
    ...call,
    firstFen: String(firstFen),
    balanceFen: String(balanceFen),
    dueFen: String(dueFen),
    openFen: String(openFen),
  };
}

/** An owner's accounts. */
export const ownAccountsAnswer = ({ asOf, accounts, charges }: OwnAccounts): OwnAccountsAnswer => ({
  asOf,
  accounts: accounts.map(({ availableFen, heldFen, topUp, ...place }) => ({
    ...place,
    availableFen: String(availableFen),
    heldFen: String(heldFen),
    topUp: topUp === undefined ? null : ownCallAnswer(topUp),
  })),
  charges: [...charges],
});

/** Payment orders with the bytes that officers sign. */
export const paymentsAnswer = (payments: readonly ListedOrder[]): PaymentsAnswer => ({
  payments: payments.map((payment) => ({
    ...payment,
    amountFen: String(payment.amountFen),
    record: toBase64Url(payment.record),
  })),
});
