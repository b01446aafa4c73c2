/** Everything that an officer's keys signed, with the receipt of each entry, so that he finds what he did not sign (SPEC 2.5). */
import { receiptOf } from '../auditlog/proving.ts';
import { present } from '../base/assert.ts';
import { toBase64Url, utf8 } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import { showInstant } from '../base/instant.ts';
import type { Signature } from '../record/signature.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OwnSignature } from './security-contract.ts';
import { signedBy } from './store.ts';

/** What receipts need beside the database. */
export type ReceiptDeps = { readonly log: Parameters<typeof receiptOf>[0] };

const PAGE = 50;

/** Fifty of an officer's signatures, the newest first; `more` where there are older ones. */
export async function ownSignatures(
  deps: Pick<OfficerDeps, 'db'> & ReceiptDeps,
  officer: string,
  after: number,
): Promise<{ readonly signatures: readonly OwnSignature[]; readonly more: boolean }> {
  const rows = await signedBy(deps.db, officer, after, PAGE + 1);
  const signatures: OwnSignature[] = [];
  for (const row of rows.slice(0, PAGE)) {
    const receipt = row.entry_id === null ? undefined : await receiptOf(deps.log, row.entry_id);
    const proved = receipt?.ok === true ? receipt.value : undefined;
    signatures.push({
      act: row.act_id,
      kind: row.kind,
      community: row.community_id,
      meeting: row.meeting_id ?? '',
      entry: toBase64Url(row.entry),
      action: toBase64Url(row.action),
      signature: present(parseCanonical(utf8(row.signature)), 'own bytes') as unknown as Signature,
      signedAt: showInstant(Number(row.signed_at_ms)),
      state: row.state as OwnSignature['state'],
      leaf: proved === undefined ? '' : toBase64Url(proved.bytes),
      receipt: proved?.text ?? '',
    });
  }
  return { signatures, more: rows.length > PAGE };
}
