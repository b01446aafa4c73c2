/** `requisitions.jsonl`: what owners demanded, who joined or left, counts and answers, as the log names them in its order (SPEC 9.1). */
import { present } from '../base/assert.ts';
import { toBase64Url, utf8 } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { RequisitionLine } from '../record/bundle-lines.ts';
import { signatureForm } from '../record/signature.ts';
import { countedRequisitionsOf, loggedAbout, supportsOf } from './store/requisitions.ts';

/** The lines of a community among the first `size` entries of the log. */
export async function requisitionLines(
  db: Database,
  community: string,
  size: number,
): Promise<readonly RequisitionLine[]> {
  const lines = new Map<bigint, RequisitionLine>();
  const add = (entry: bigint | null, kind: RequisitionLine['kind'], record: Uint8Array | null): void => {
    if (entry === null || record === null) return;
    lines.set(entry, { kind, record: toBase64Url(record), by: '', evidence: [] });
  };
  for (const row of await countedRequisitionsOf(db, community)) {
    add(row.entry_id, 'requisition', row.record);
    add(row.reached_entry_id, 'requisition-count', row.count_record);
    add(row.answered_entry_id, 'requisition-answer', row.answer);
    add(row.street_answered_entry_id, 'requisition-answer', row.street_answer);
  }
  for (const row of await supportsOf(db, community))
    lines.set(row.entry_id, {
      kind: 'support',
      record: toBase64Url(row.record),
      by: row.credential_id,
      evidence: [signatureForm.own(utf8(row.signature))],
    });
  const entries = await loggedAbout(db, community, size);
  return entries.map(({ id }) => present(lines.get(id), 'each entry has its row'));
}
