/** What opens the hashes of a drafted correction for the officers who sign it: both leaves, the holders' commitment, the document (SPEC 4.4). */
import { present } from '../base/assert.ts';
import { compareText, fromUtf8, toBase64Url } from '../base/bytes.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Holder, RollOpening } from '../record/identity.ts';
import { leafOfEntitlement } from './frozen-roll.ts';
import type { RegistryDeps } from './registry-deps.ts';
import type { RollCorrectionHolderRow, RollCorrectionRow } from './store/roll-corrections.ts';
import { correctionById, correctionHolders, correctionsInForce } from './store/roll-corrections.ts';

/** Where the document of a correction is sealed. */
export const documentPlace = (community: string, correction: string): string =>
  `roll_correction.sealed_document/${community}/${correction}`;

/** The holders in the order of the commitment. */
export const holdersOf = (rows: readonly RollCorrectionHolderRow[]): readonly Holder[] =>
  rows
    .map((row) => ({ person: row.person_id, identity: toBase64Url(row.identity) }))
    .sort((a, b) => compareText(a.person, b.person));

/** What opens the two commitments of a corrected leaf. */
export const openingIn = (row: RollCorrectionRow, holders: readonly RollCorrectionHolderRow[]) => ({
  entitlement: row.entitlement_id,
  holdersSalt: toBase64Url(row.holders_salt),
  holders: holdersOf(holders.filter((each) => each.correction_id === row.correction_id)),
  voterSalt: toBase64Url(row.voter_salt),
  voter: '',
});

/** `salt` and `reference` open the record's `documentHash`; `before` is the leaf in force now. */
export type CorrectionOpening = {
  readonly record: Uint8Array;
  readonly salt: string;
  readonly reference: string;
  readonly before: Uint8Array;
  readonly leaf: Uint8Array;
  readonly opening: RollOpening;
};

/** The private bytes of a correction that an act was drafted with. */
export async function correctionOpening(
  deps: RegistryDeps,
  {
    community,
    meeting,
    entitlement,
  }: Pick<EntryOf<'roll.corrected'>, 'community' | 'meeting' | 'entitlement'>,
  correction: string,
): Promise<CorrectionOpening> {
  const row = present(await correctionById(deps.db, community, correction), 'drafted with its correction');
  const last = (await correctionsInForce(deps.db, community, meeting, entitlement)).at(-1);
  const frozen = await leafOfEntitlement(deps.db, community, meeting, entitlement);
  const document = openAtRest(deps.atRest, documentPlace(community, correction), row.sealed_document);
  return {
    record: row.correction,
    salt: toBase64Url(document.subarray(0, 16)),
    reference: present(fromUtf8(document.subarray(16)), 'own text'),
    before: last?.leaf ?? present(frozen, 'on the roll').bytes,
    leaf: row.leaf,
    opening: openingIn(row, await correctionHolders(deps.db, community, [correction])),
  };
}
