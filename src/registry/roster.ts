/**
 * The roster: what the registrar's own computer needs to make letters from the register file, and nothing that the file does
 * not have: ids, salts and commitments, no name, no number (SPEC 3.2).
 */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OperatorSettings } from './importing.ts';
import { openSalt, readPerson } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { registerInForce } from './store/communities.ts';
import { mergesInForce } from './store/merges.ts';
import { ownersAsImported } from './store/units.ts';
import { registryUnitsAsImported } from './units.ts';

export type RosterPerson = { readonly person: string; readonly salt: string; readonly identity: string };
export type RosterUnit = {
  readonly unit: string;
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly owners: readonly string[];
};
export type Roster = {
  readonly community: string;
  readonly name: string;
  readonly fileHash: string;
  readonly fileSalt: string;
  /** With these the file reads as it did when it was imported. */
  readonly settings: OperatorSettings;
  readonly persons: readonly RosterPerson[];
  /** As the file has them: a person and one who was merged into him stand apart. */
  readonly units: readonly RosterUnit[];
  /** Who is one under two documents: one letter, to `keeps` (SPEC 3.8). */
  readonly merges: readonly { readonly merged: string; readonly keeps: string; readonly identity: string }[];
};

/** The roster of the register in force. */
export async function rosterOf(
  deps: RegistryDeps,
  community: string,
): Promise<Result<Roster, Refusal<'REGISTER_MISSING'>>> {
  const register = await registerInForce(deps.db, community);
  if (register === undefined) return refuse('REGISTER_MISSING');
  const persons = await ownersAsImported(deps.db, community);
  const units = await registryUnitsAsImported(deps.db, community);
  const merges = [];
  for (const { merged_id: merged, keeps_id: keeps } of await mergesInForce(deps.db, community)) {
    const row = present(await readPerson(deps, community, keeps), 'who is kept is a person');
    merges.push({ merged, keeps, identity: toBase64Url(row.identity) });
  }
  return ok({
    community,
    name: register.name,
    fileHash: toBase64Url(register.file_hash),
    fileSalt: toBase64Url(register.file_salt),
    settings: JSON.parse(register.settings) as OperatorSettings,
    persons: persons.map((row) => ({
      person: row.person_id,
      salt: openSalt(deps, row),
      identity: toBase64Url(row.identity),
    })),
    units: units.map(({ unit, building, stair, room, owners }) => ({ unit, building, stair, room, owners })),
    merges,
  });
}
