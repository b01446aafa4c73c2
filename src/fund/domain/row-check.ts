/**
 * Whether the rows beside the ledger are those that the log names: public revenue, calls to top up, ends, annulments, declarations,
 * applications and months, each difference with its table, id and column (SPEC 8.7).
 */

/** Tables whose rows the log names one by one. */
export type LoggedTable =
  | 'revenue_entry'
  | 'revenue_period'
  | 'fund_top_up_call'
  | 'fund_top_up_withdrawal'
  | 'fund_closing'
  | 'resolution_annulment'
  | 'fund_emergency_annulment'
  | 'fund_emergency_declaration'
  | 'fund_application'
  | 'fund_application_answer'
  | 'fund_month';

/** Text of each column by its name: hashes in base64url, dates as `YYYY-MM-DD`, what is not there empty. */
export type Columns = Readonly<Record<string, string>>;

/** `id` tells the row apart in its table and community. */
type Place = { readonly table: LoggedTable; readonly id: string };

/** A row as it stands, and what its record says of it: `columns` is undefined where the bytes are no record of the table. */
export type StoredRow = Place & {
  readonly columns: Columns;
  /** Undefined in tables that have no record. */
  readonly record: { readonly hash: string; readonly columns: Columns | undefined } | undefined;
};

/** A row as an entry of the log says it: the hash of its record, empty in tables without, and the columns that follow. */
export type LoggedRow = Place & { readonly hash: string; readonly columns: Columns };

type RowCode = 'FUND-K017' | 'FUND-K018' | 'FUND-K019' | 'FUND-K020';
type Note = (code: RowCode, where: string, expected: string, found: string) => void;

const placeOf = ({ table, id }: Place): string => `${table} ${id}`;

function compareColumns(row: StoredRow, said: Columns, note: Note): void {
  for (const [column, expected] of Object.entries(said)) {
    const found = row.columns[column] ?? '';
    if (found !== expected) note('FUND-K017', `${placeOf(row)} ${column}`, expected || '-', found || '-');
  }
}

/** Notes each difference; a row that the log does not name is one, its columns aside. */
export function checkRows(stored: readonly StoredRow[], logged: readonly LoggedRow[], note: Note): void {
  const named = new Map(logged.map((said) => [placeOf(said), said]));
  const kept = new Set<string>();
  for (const row of stored) {
    const where = placeOf(row);
    const said = named.get(where);
    kept.add(where);
    if (said === undefined) {
      note('FUND-K018', where, 'none', row.record?.hash ?? 'a row');
      continue;
    }
    compareColumns(row, said.columns, note);
    if (row.record === undefined) continue;
    if (row.record.hash !== said.hash) note('FUND-K019', where, said.hash, row.record.hash);
    else if (row.record.columns === undefined) note('FUND-K019', where, 'a record', 'other bytes');
    if (row.record.columns !== undefined) compareColumns(row, row.record.columns, note);
  }
  for (const said of logged) {
    const where = placeOf(said);
    if (!kept.has(where)) note('FUND-K020', where, said.hash || 'a row', 'none');
  }
}
