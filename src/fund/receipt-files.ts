/**
 * A bank's file of receipts, booked all or none: read against the register and the book first, so that each line that stands in the
 * way is named by its row; then its receipts go the way of all receipts (SPEC 8.3; docs/decisions/fund-entries.md).
 */
import { sameBytes } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { registryUnits } from '../registry/units.ts';
import { requestHash } from './booking.ts';
import { bankName } from './domain/account-names.ts';
import type { BankFinding } from './domain/bank-findings.ts';
import { bankFinding, blocksFile } from './domain/bank-findings.ts';
import type { FileReceipt, ReceiptReading } from './domain/receipt-file.ts';
import { readReceiptFile } from './domain/receipt-file.ts';
import type { FundDeps } from './fund-deps.ts';
import type { BankRef } from './household-accounts.ts';
import { keyedReceipt, receive } from './receiving.ts';
import type { FundRefusal } from './refusals.ts';
import { entriesByKeys } from './store/book.ts';

export type ReceiptFile = {
  readonly community: string;
  readonly bank: BankRef;
  /** The file's text. */
  readonly csv: string;
  /** Ticked by the officer: a unit that the register does not know makes the money one of an unknown payer. */
  readonly unknownAsUnidentified: boolean;
};

/** How many receipts were booked now, how many stood already, what all of them sum to, and what is to be said of the lines. */
export type ImportedReceipts = {
  readonly booked: number;
  readonly repeated: number;
  readonly totalFen: bigint;
  readonly findings: readonly BankFinding[];
};

/**
 * The receipts beside what the book has. One that stands as money of an unknown payer stands, also where the register knows the
 * unit by now: it is identified by two officers, not by sending the file again.
 */
async function besideTheBook(
  db: Database,
  { community, bank }: ReceiptFile,
  receipts: readonly FileReceipt[],
): Promise<ReceiptReading> {
  const name = bankName(bank.name, bank.lastDigits);
  const keys = receipts.map((receipt) => keyedReceipt(name, receipt).key);
  const rows = await entriesByKeys(db, community, keys);
  const byKey = new Map(rows.map((row) => [row.idempotency_key, row.request_hash]));
  const findings: BankFinding[] = [];
  const beside = receipts.map((receipt) => {
    const standing = byKey.get(keyedReceipt(name, receipt).key);
    if (standing === undefined) return receipt;
    const asUnknown = { ...receipt, unit: '' };
    const same = [receipt, asUnknown].find((each) =>
      sameBytes(standing, requestHash(keyedReceipt(name, each).request)),
    );
    findings.push(bankFinding(same === undefined ? 'FUND-F017' : 'FUND-F023', receipt.row, receipt.receipt));
    return same ?? receipt;
  });
  return { receipts: beside, findings };
}

/** Books the receipts of a file; asked again with the same file it finds them standing. */
export async function importReceipts(
  deps: FundDeps,
  file: ReceiptFile,
): Promise<Result<ImportedReceipts, FundRefusal>> {
  const { community, bank, csv, unknownAsUnidentified } = file;
  const reading = readReceiptFile(csv, {
    units: await registryUnits(deps.db, community),
    today: civilDateAt(deps.clock()),
    unknownAsUnidentified,
  });
  const beside = await besideTheBook(deps.db, file, reading.receipts);
  const findings = [...reading.findings, ...beside.findings];
  if (blocksFile(findings)) return { ok: false, refusal: { code: 'FUND_FILE_REFUSED', findings } };
  const received = await receive(deps, {
    community,
    bank,
    receipts: beside.receipts.map(({ receipt, unit, amountFen, valueOn }) => ({
      receipt,
      unit,
      amountFen,
      valueOn,
    })),
  });
  if (!received.ok) return received;
  const { booked, repeated } = received.value;
  const totalFen = sumFen(beside.receipts.map(({ amountFen }) => amountFen));
  return ok({ booked, repeated, totalFen, findings });
}
