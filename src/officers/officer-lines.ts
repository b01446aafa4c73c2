/** Officers and their actions as a bundle holds them (SPEC 9.1). */
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import type { Database } from '../db/connect.ts';
import type { ActionLine, OfficerLine } from '../record/bundle-lines.ts';
import type { Signature } from '../record/signature.ts';
import { actionsOfEntries, keyByPublicKey, officersOf } from './store.ts';

/** `actions.jsonl`: every signed action whose act stands in the log, of the deployment and of a community. */
export const actionLines = async (db: Database, community: string): Promise<readonly ActionLine[]> =>
  (await actionsOfEntries(db, ['', community])).map((row) => ({
    action: toBase64Url(row.action),
    signature: present(parseCanonical(utf8(row.signature)), 'own bytes') as unknown as Signature,
  }));

/** `officers.jsonl`: names for the report. */
export const officerLines = async (db: Database, community: string): Promise<readonly OfficerLine[]> =>
  (await officersOf(db, ['', community])).map((row) => ({ officer: row.officer_id, name: row.name }));

/** The officer whose key file has this public key (base64url), or undefined. */
export const officerOfKey = async (db: Database, publicKey: string): Promise<string | undefined> =>
  (await keyByPublicKey(db, present(fromBase64Url(publicKey), 'own key')))?.officer_id;
