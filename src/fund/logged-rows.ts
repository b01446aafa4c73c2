/** The rows beside the ledger as they stand, and as the entries of the log say them, for the check of a book (SPEC 8.7). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import {
  applicationAnswerForm,
  applicationAnswerHash,
  applicationForm,
  applicationHash,
} from '../record/application.ts';
import type { Entry } from '../record/entry.ts';
import { fundMonthForm, fundMonthHash } from '../record/fund.ts';
import {
  revenueEntryForm,
  revenueEntryHash,
  revenuePeriodForm,
  revenuePeriodHash,
} from '../record/revenue.ts';
import type { RecordForm } from '../record/schema.ts';
import { topUpCallForm, topUpCallHash } from '../record/top-up.ts';
import type { Columns, LoggedRow, LoggedTable, StoredRow } from './domain/row-check.ts';
import type { AnyRow } from './store/logged-rows.ts';
import { rowsOf } from './store/logged-rows.ts';

type RecordOfRow = (bytes: Uint8Array) => NonNullable<StoredRow['record']>;

const recordOf =
  <T>(form: RecordForm<T>, hashOf: (bytes: Uint8Array) => string, columnsOf: (record: T) => Columns) =>
  (bytes: Uint8Array): ReturnType<RecordOfRow> => {
    const [parsed, hash] = [form.parse(bytes), hashOf(bytes)];
    return { hash, columns: parsed.ok ? { ...columnsOf(parsed.value), hash } : undefined };
  };

type TableFacts = {
  /** Columns that tell a row apart within its community. */
  readonly key: readonly string[];
  /** The column that names the row of the log. */
  readonly log: 'entry_id' | 'log_entry_id';
  readonly record?: RecordOfRow;
};

const TABLES: Readonly<Record<LoggedTable, TableFacts>> = {
  revenue_entry: {
    key: ['entry_id'],
    log: 'log_entry_id',
    record: recordOf(revenueEntryForm, revenueEntryHash, (said) => ({
      community_id: said.community,
      entry_id: said.entry,
      kind: said.entryKind,
      heading: said.heading,
      booked_on: said.bookedOn,
      amount_fen: said.amountFen,
      meeting_id: said.meeting,
      proposal_id: said.proposal,
      reverses_entry_id: said.reverses,
    })),
  },
  revenue_period: {
    key: ['period'],
    log: 'log_entry_id',
    record: recordOf(revenuePeriodForm, revenuePeriodHash, ({ community, period }) => ({
      community_id: community,
      period,
    })),
  },
  fund_top_up_call: {
    key: ['call_id'],
    log: 'entry_id',
    record: recordOf(topUpCallForm, topUpCallHash, (said) => ({
      community_id: said.community,
      call_id: said.call,
      meeting_id: said.meeting,
      proposal_id: said.proposal,
      seq: String(said.seq),
      due_on: said.dueOn,
    })),
  },
  fund_top_up_withdrawal: { key: ['call_id'], log: 'entry_id' },
  fund_closing: { key: ['authorisation_id'], log: 'entry_id' },
  resolution_annulment: { key: ['meeting_id', 'proposal_id'], log: 'entry_id' },
  fund_emergency_annulment: { key: ['authorisation_id'], log: 'entry_id' },
  fund_emergency_declaration: { key: ['declaration_id'], log: 'entry_id' },
  fund_application: {
    key: ['application_id'],
    log: 'entry_id',
    record: recordOf(applicationForm, applicationHash, (said) => ({
      community_id: said.community,
      application_id: said.application,
      answer_by: said.answerBy,
    })),
  },
  fund_application_answer: {
    key: ['application_id', 'answer_no'],
    log: 'entry_id',
    record: recordOf(applicationAnswerForm, applicationAnswerHash, (said) => ({
      community_id: said.community,
      application_id: said.application,
      decision: said.decision,
      meeting_id: said.meeting,
      proposal_id: said.proposal,
    })),
  },
  fund_month: {
    key: ['month'],
    log: 'entry_id',
    record: recordOf(fundMonthForm, fundMonthHash, ({ community, month, lastSeq }) => ({
      community_id: community,
      month,
      last_seq: String(lastSeq),
    })),
  },
};

const shown = (value: AnyRow[string] | undefined): string =>
  value instanceof Uint8Array ? toBase64Url(value) : String(value ?? '');

function storedRow(table: LoggedTable, row: AnyRow): StoredRow {
  const { key, record } = TABLES[table];
  const { record: bytes, ...rest } = row;
  return {
    table,
    id: key.map((column) => shown(row[column])).join('/'),
    columns: Object.fromEntries(Object.entries(rest).map(([column, value]) => [column, shown(value)])),
    record: bytes instanceof Uint8Array ? record?.(bytes) : undefined,
  };
}

/** All rows of a community beside its ledger. */
export async function storedRows(db: Database, community: string): Promise<readonly StoredRow[]> {
  const stored: StoredRow[] = [];
  for (const table of Object.keys(TABLES) as LoggedTable[]) {
    const rows = await rowsOf(db, table, TABLES[table].log, community);
    stored.push(...rows.map((row) => storedRow(table, row)));
  }
  return stored;
}

type Said = Omit<LoggedRow, 'hash'> & { readonly hash?: string };

/** The row that an entry names, its place in the log aside; `answerNo` counts the answers to an application. */
function rowOf(entry: Entry, answerNo: number): Said | undefined {
  switch (entry.kind) {
    case 'revenue.received':
    case 'revenue.spent':
      return { table: 'revenue_entry', id: entry.entry, hash: entry.revenueHash, columns: {} };
    case 'revenue.published':
      return { table: 'revenue_period', id: entry.period, hash: entry.periodHash, columns: {} };
    case 'topup.called':
      return { table: 'fund_top_up_call', id: entry.call, hash: entry.callHash, columns: {} };
    case 'topup.withdrawn':
      return overDocument('fund_top_up_withdrawal', entry.call, entry);
    case 'fund.closed':
      return overDocument('fund_closing', entry.authorisation, entry);
    case 'resolution.annulled':
      return overDocument('resolution_annulment', `${entry.meeting}/${entry.proposal}`, entry);
    case 'emergency.annulled':
      return overDocument('fund_emergency_annulment', entry.authorisation, entry);
    case 'emergencies.declared': {
      const { columns, ...place } = overDocument('fund_emergency_declaration', entry.declaration, entry);
      return { ...place, columns: { ...columns, emergencies: entry.emergencies } };
    }
    case 'application.filed':
      return { table: 'fund_application', id: entry.application, hash: entry.applicationHash, columns: {} };
    case 'application.answered': {
      const id = `${entry.application}/${answerNo}`;
      return { table: 'fund_application_answer', id, hash: entry.answerHash, columns: {} };
    }
    case 'fund.published':
      return { table: 'fund_month', id: entry.month, hash: entry.monthHash, columns: {} };
    default:
      return undefined;
  }
}

const overDocument = (
  table: LoggedTable,
  id: string,
  { documentHash }: { readonly documentHash: string },
): Said => ({
  table,
  id,
  columns: { document_hash: documentHash },
});

/** The rows that entries of the log name, in its order; `logRow` is the row of an entry. */
export function loggedRows(
  entries: readonly { readonly logRow: bigint; readonly entry: Entry }[],
): readonly LoggedRow[] {
  const answers = new Map<string, number>();
  return entries.flatMap(({ logRow, entry }) => {
    const application = entry.kind === 'application.answered' ? entry.application : '';
    const answerNo = (answers.get(application) ?? 0) + 1;
    answers.set(application, answerNo);
    const said = rowOf(entry, answerNo);
    if (said === undefined) return [];
    const { table, id, hash = '', columns } = said;
    return [{ table, id, hash, columns: { ...columns, [TABLES[table].log]: String(logRow) } }];
  });
}
