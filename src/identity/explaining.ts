/** The private bytes behind the entries about letters, keys, freezes, mandates and designations, for whoever may be told what they mean (SPEC 3.7). */
import type { Database } from '../db/connect.ts';
import type { AnnouncedEntry } from '../record/explanation.ts';
import type { StatementKind } from '../record/holders-line.ts';
import { mergeOfEntry } from '../registry/store/merges.ts';
import {
  bindingOfEntry,
  designationOfEntry,
  freezeOfEntry,
  itemsOfBatch,
  mandateOfEntry,
  revocationOfEntry,
} from './store/explained.ts';
import { letterById } from './store/letters.ts';

type IdentityEntry = Exclude<AnnouncedEntry, { readonly kind: StatementKind | 'roll.corrected' }>;

const some = (line: Uint8Array | undefined): readonly Uint8Array[] => (line === undefined ? [] : [line]);

/** The lines of an entry in the order that `record/explanation.ts` reads; none where the rows are gone. */
export async function explainIdentity(
  db: Database,
  entry: IdentityEntry,
  entryId: bigint,
): Promise<readonly Uint8Array[]> {
  const { community } = entry;
  switch (entry.kind) {
    case 'letters.issued':
    case 'letters.reissued':
      return itemsOfBatch(db, community, entry.batch);
    case 'letters.revoked':
      return some((await letterById(db, community, entry.letter))?.item);
    case 'credential.bound':
      return some(await bindingOfEntry(db, community, entryId));
    case 'credential.revoked': {
      const row = await revocationOfEntry(db, community, entryId);
      return row === undefined ? [] : [row.revocation, row.binding];
    }
    case 'mandate.granted':
    case 'mandate.revoked':
      return some(await mandateOfEntry(db, community, entryId));
    case 'voting.frozen':
    case 'voting.unfrozen':
      return (await freezeOfEntry(db, community, entryId)) ?? [];
    case 'designation.recorded':
      return some(await designationOfEntry(db, community, entryId));
    case 'persons.merged':
    case 'persons.separated':
      return some(await mergeOfEntry(db, community, entryId));
  }
}
