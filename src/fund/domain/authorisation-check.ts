/** Whether each stored authorisation says what its record says, and the log names that record (SPEC 8.3). */
import type { Emergency } from '../../record/emergency.ts';
import type { Authorisation, Refund } from '../../record/fund.ts';

/** The columns of a row in their order, hashes in base64url, what is not there empty. */
export type AuthorisationColumns = {
  readonly authorisation: string;
  readonly kind: string;
  readonly meeting: string;
  readonly proposal: string;
  readonly unit: string;
  readonly documentHash: string;
  readonly capFen: string;
  readonly payeeAccount: string;
};

/** A row; `record` is undefined where its bytes are no record of its kind. */
export type StoredAuthorisationRow = {
  readonly columns: AuthorisationColumns;
  readonly recordHash: string;
  readonly record: Authorisation | Emergency | Refund | undefined;
};

type AuthorisationCode = 'FUND-K011' | 'FUND-K012' | 'FUND-K013';

/** What the columns must be by the record. */
function columnsOf(record: Authorisation | Emergency | Refund): AuthorisationColumns {
  const { authorisation, payeeAccount } = record;
  const none = { authorisation, kind: '', meeting: '', proposal: '', unit: '', documentHash: '' };
  switch (record.kind) {
    case 'refund': {
      const { unit, documentHash, amountFen } = record;
      return { ...none, kind: 'unit_refund', unit, documentHash, capFen: amountFen, payeeAccount };
    }
    case 'emergency': {
      const { reportHash, capFen } = record;
      return { ...none, kind: 'emergency', documentHash: reportHash, capFen, payeeAccount };
    }
    case 'authorisation': {
      const { meeting, proposal, capFen } = record;
      return { ...none, kind: 'resolution', meeting, proposal, capFen, payeeAccount };
    }
  }
}

const show = (columns: AuthorisationColumns): string =>
  Object.values(columns)
    .map((each) => each || '-')
    .join(' ');

/** Notes each difference with the authorisation's id; `logged` are the hashes that the log names. */
export function checkAuthorisations(
  stored: readonly StoredAuthorisationRow[],
  logged: ReadonlySet<string>,
  note: (code: AuthorisationCode, where: string, expected: string, found: string) => void,
): void {
  const kept = new Set<string>();
  for (const { columns, recordHash, record } of stored) {
    const where = `authorisation ${columns.authorisation}`;
    kept.add(recordHash);
    if (!logged.has(recordHash)) note('FUND-K012', where, 'a record that the log names', recordHash);
    const [said, found] = [record === undefined ? 'a record' : show(columnsOf(record)), show(columns)];
    if (said !== found) note('FUND-K011', where, said, found);
  }
  for (const hash of logged) if (!kept.has(hash)) note('FUND-K013', 'log', hash, 'none');
}
