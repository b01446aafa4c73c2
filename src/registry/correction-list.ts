/** The corrections of a roll as their officers read them before they sign: why, by which document, for whom, and what became of each (SPEC 4.4). */
import { present } from '../base/assert.ts';
import { fromUtf8 } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import { actsOfMeeting } from '../officers/store.ts';
import { correctionHash } from '../record/correction.ts';
import type { EntryOf } from '../record/entry.ts';
import type { RollUnit } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import { documentPlace } from './correction-opening.ts';
import { maskName } from './domain/masking.ts';
import { openName, readPersonOfRecord } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import type { RollCorrectionRow } from './store/roll-corrections.ts';
import { correctionHolders, correctionsOfMeeting } from './store/roll-corrections.ts';

/** A correction with the private bytes that its entry names by hash; `salt` and `reference` open its `documentHash`. Names are masked. */
export type ListedCorrection = {
  readonly correction: Uint8Array;
  readonly salt: Uint8Array;
  readonly reference: string;
  readonly units: readonly Pick<RollUnit, 'building' | 'stair' | 'room'>[];
  readonly holders: readonly string[];
  readonly draftedAt: Instant;
  readonly state: 'drafted' | 'in-force' | 'ended';
};

/** Where a correction stands: its act was refused or withdrawn, still waits, or its entry is in the log. */
function stateOf(row: RollCorrectionRow, ended: ReadonlySet<string>): ListedCorrection['state'] {
  if (row.entry_id !== null) return 'in-force';
  return ended.has(correctionHash(row.correction)) ? 'ended' : 'drafted';
}

/** All corrections of a meeting's roll, in the order in which they were drafted. */
export async function listedCorrections(
  deps: RegistryDeps,
  community: string,
  meeting: string,
): Promise<readonly ListedCorrection[]> {
  const rows = await correctionsOfMeeting(deps.db, community, meeting);
  const ids = rows.map((row) => row.correction_id);
  const holders = await correctionHolders(deps.db, community, ids);
  const names = new Map<string, string>();
  for (const person of new Set(holders.map((row) => row.person_id))) {
    const row = present(await readPersonOfRecord(deps, community, person), 'a holder is a person');
    names.set(person, maskName(openName(deps, row)));
  }
  const ended = new Set(
    (await actsOfMeeting(deps.db, meeting, 'roll.corrected'))
      .filter(({ state }) => state === 'refused' || state === 'withdrawn')
      .map(
        ({ entry }) =>
          (JSON.parse(present(fromUtf8(entry), 'own text')) as EntryOf<'roll.corrected'>).correctionHash,
      ),
  );
  return rows.map((row) => {
    const document = openAtRest(
      deps.atRest,
      documentPlace(community, row.correction_id),
      row.sealed_document,
    );
    return {
      correction: row.correction,
      salt: document.subarray(0, 16),
      reference: present(fromUtf8(document.subarray(16)), 'own text'),
      units: rollLeafForm.own(row.leaf).units.map(({ building, stair, room }) => ({ building, stair, room })),
      holders: holders
        .filter((each) => each.correction_id === row.correction_id)
        .map((each) => present(names.get(each.person_id), 'read above')),
      draftedAt: Number(row.drafted_at_ms),
      state: stateOf(row, ended),
    };
  });
}
