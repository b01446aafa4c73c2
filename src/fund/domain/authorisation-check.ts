/** Whether each stored authorisation says what its record and its roll say, the log names that record, and its state is the log's (SPEC 8.3). */
import type { Emergency } from '../../record/emergency.ts';
import type { Authorisation, Refund } from '../../record/fund.ts';
import { developerAmong } from './authorisation.ts';

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
  readonly state: string;
  readonly recordHash: string;
  /** Row of the log that it names. */
  readonly logRow: bigint;
  readonly record: Authorisation | Emergency | Refund | undefined;
  /** The column as it stands: a JSON list. */
  readonly developerUnits: string;
  /** The developer's units on the roll of its meeting; undefined where it has none to compare with. */
  readonly stock: ReadonlySet<string> | undefined;
};

/** What the log says of a community's authorisations. */
export type LoggedAuthorisations = {
  /** Rows of the log by the hashes of the authorisations, refunds and emergencies that they name, base64url. */
  readonly hashes: ReadonlyMap<string, bigint>;
  /** Ids of the authorisations that a `fund.closed` names. */
  readonly closed: ReadonlySet<string>;
  /** Resolutions that a `resolution.annulled` names, as `resolutionKey` writes them, and ids of emergencies that an `emergency.annulled` names. */
  readonly annulled: ReadonlySet<string>;
};

export const resolutionKey = (meeting: string, proposal: string): string => `${meeting}/${proposal}`;

type AuthorisationCode = `FUND-K01${'1' | '2' | '3' | '4' | '5' | '7'}`;

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

/** The state that the log leaves an authorisation in: an annulment ends also what was closed, and a refund is closed by its own booking. */
function stateOf(
  { authorisation, kind, meeting, proposal }: AuthorisationColumns,
  log: LoggedAuthorisations,
) {
  if (kind === 'unit_refund') return 'closed';
  const basis = kind === 'emergency' ? authorisation : resolutionKey(meeting, proposal);
  if (log.annulled.has(basis)) return 'revoked';
  return log.closed.has(authorisation) ? 'closed' : 'open';
}

/** Notes each difference with the authorisation's id. */
export function checkAuthorisations(
  stored: readonly StoredAuthorisationRow[],
  log: LoggedAuthorisations,
  note: (code: AuthorisationCode, where: string, expected: string, found: string) => void,
): void {
  const kept = new Set<string>();
  for (const { columns, state, recordHash, logRow, record, developerUnits, stock } of stored) {
    const where = `authorisation ${columns.authorisation}`;
    kept.add(recordHash);
    const named = log.hashes.get(recordHash);
    if (named === undefined) note('FUND-K012', where, 'a record that the log names', recordHash);
    else if (named !== logRow)
      note(
        'FUND-K017',
        `fund_authorisation ${columns.authorisation} entry_id`,
        String(named),
        String(logRow),
      );
    const [said, found] = [record === undefined ? 'a record' : show(columnsOf(record)), show(columns)];
    if (said !== found) note('FUND-K011', where, said, found);
    const due = stateOf(columns, log);
    if (state !== due) note('FUND-K014', where, due, state);
    if (stock === undefined || record?.kind !== 'authorisation') continue;
    const borne = JSON.stringify(developerAmong(record.shares, stock));
    if (borne !== developerUnits) note('FUND-K015', where, borne, developerUnits);
  }
  for (const hash of log.hashes.keys()) if (!kept.has(hash)) note('FUND-K013', 'log', hash, 'none');
}
