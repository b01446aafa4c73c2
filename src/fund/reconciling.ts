/**
 * Reconciliation: a bank's statement of one account is compared with the book under its lock, and what differs is kept with the hash
 * of the file. An officer says why a difference stands, once; a wrong entry is undone and the statement compared again (SPEC 8.3).
 */
import { assert } from '../base/assert.ts';
import { utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import type { Tx } from '../db/transaction.ts';
import { fundEntryForm } from '../record/fund.ts';
import { readAccounts } from './accounts.ts';
import { inBook } from './booking.ts';
import { blocksFile } from './domain/bank-findings.ts';
import type { BookLine, Difference } from './domain/reconciling.ts';
import { compareStatement } from './domain/reconciling.ts';
import { isReceiptReference } from './domain/references.ts';
import type { Period } from './domain/statement-file.ts';
import { readStatementFile } from './domain/statement-file.ts';
import type { FundDeps } from './fund-deps.ts';
import type { BankRef } from './household-accounts.ts';
import { findBank } from './household-accounts.ts';
import type { FundRefusal } from './refusals.ts';
import {
  bankMovements,
  differencesOf,
  insertExplanation,
  insertReconciliation,
  reconciliationsOf,
} from './store/reconciliations.ts';

export type BankStatement = Period & {
  readonly community: string;
  readonly bank: BankRef;
  /** The bank's balance at the end of the last day. */
  readonly closingFen: bigint;
  /** The file's text. */
  readonly csv: string;
};

/** A difference with its number in its reconciliation, from 1. */
export type KeptDifference = Difference & {
  readonly no: number;
  /** Empty where nobody has said yet why it stands. */
  readonly reason: string;
};

export type Reconciliation = Period & {
  readonly reconciliation: string;
  /** The exported name of the account. */
  readonly account: string;
  readonly closingFen: bigint;
  /** The book's last entry when it was compared. */
  readonly lastSeq: bigint;
  readonly matched: number;
  readonly madeAt: number;
  readonly differences: readonly KeptDifference[];
};

async function bookLines(tx: Tx, community: string, account: string): Promise<readonly BookLine[]> {
  const rows = await bankMovements(tx, community, account);
  return rows.map(({ seq, kind, on, record, amountFen }) => {
    const parsed = fundEntryForm.parse(record);
    assert(parsed.ok, `the record of entry ${seq} is ours`);
    const { reference } = parsed.value;
    const isOpening = kind === 'deposit' && !isReceiptReference(reference);
    return { seq, on, reference, isOpening, amountFen };
  });
}

/** Compares a statement and keeps the result; refused where the file has faults or its last day is not over. */
export async function reconcile(
  deps: FundDeps,
  statement: BankStatement,
  officer: string,
): Promise<Result<Reconciliation, FundRefusal>> {
  const { community, bank, from, to, closingFen, csv } = statement;
  if (from > to || to >= civilDateAt(deps.clock())) return refuse('FUND_PERIOD_UNCLEAR', 'to');
  const reading = readStatementFile(csv, statement);
  if (blocksFile(reading.findings))
    return { ok: false, refusal: { code: 'FUND_FILE_REFUSED', findings: reading.findings } };
  return inBook(deps, community, async (tx, book): Promise<Result<Reconciliation, FundRefusal>> => {
    const account = findBank((await readAccounts(tx, book)).all, bank);
    if (account === undefined) return refuse('FUND_BANK_UNCLEAR', 'bank');
    const lines = await bookLines(tx, community, account.account);
    const { matched, differences } = compareStatement(reading.lines, lines, statement, closingFen);
    const kept = differences.map((difference, at) => ({ ...difference, no: at + 1, reason: '' }));
    const [reconciliation, madeAt] = [newId(deps.random), deps.clock()];
    await insertReconciliation(
      tx,
      {
        community_id: community,
        reconciliation_id: reconciliation,
        bank_account_id: account.account,
        from_on: from,
        to_on: to,
        closing_fen: closingFen,
        file_hash: sha256(utf8(csv)),
        last_seq: book.lastSeq,
        matched,
        officer_id: officer,
        made_at_ms: madeAt,
      },
      kept.map(({ no, kind, on, receipt, seq, amountFen }) => ({
        community_id: community,
        reconciliation_id: reconciliation,
        difference_no: no,
        kind,
        on_on: on,
        receipt,
        seq: seq ?? null,
        amount_fen: amountFen,
      })),
    );
    const facts = { reconciliation, account: account.name, from, to, closingFen, matched, madeAt };
    return ok({ ...facts, lastSeq: book.lastSeq, differences: kept });
  });
}

/** The reconciliations of a community, the newest first, each difference with why it stands. */
export async function listReconciliations(
  db: Database,
  community: string,
): Promise<readonly Reconciliation[]> {
  const differences = await differencesOf(db, community);
  return (await reconciliationsOf(db, community)).map((row) => ({
    reconciliation: row.reconciliation_id,
    account: row.name,
    from: row.from_on,
    to: row.to_on,
    closingFen: row.closing_fen,
    lastSeq: row.last_seq,
    matched: row.matched,
    madeAt: Number(row.made_at_ms),
    differences: differences
      .filter(({ reconciliation_id }) => reconciliation_id === row.reconciliation_id)
      .map((each) => ({
        no: each.difference_no,
        kind: each.kind as Difference['kind'],
        on: each.on_on,
        receipt: each.receipt,
        seq: each.seq ?? undefined,
        amountFen: each.amount_fen,
        reason: each.reason ?? '',
      })),
  }));
}

/** Keeps why a difference stands; refused where it was said already, or there is no such difference. */
export async function explainDifference(
  deps: FundDeps,
  explained: {
    readonly community: string;
    readonly reconciliation: string;
    readonly no: number;
    readonly reason: string;
  },
  officer: string,
): Promise<Result<undefined, FundRefusal>> {
  try {
    const isFirst = await insertExplanation(deps.db, {
      community_id: explained.community,
      reconciliation_id: explained.reconciliation,
      difference_no: explained.no,
      reason: explained.reason,
      officer_id: officer,
      explained_at_ms: deps.clock(),
    });
    return isFirst ? ok(undefined) : refuse('FUND_DIFFERENCE_EXPLAINED');
  } catch (error) {
    const refusal = refusalOfConstraint(error, {
      fund_difference_explanation_fk: 'FUND_DIFFERENCE_UNKNOWN',
    } as const);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}
