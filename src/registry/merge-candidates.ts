/** The owners of the register in force who might be one person, masked, for the officers who merge (SPEC 3.8). */
import { present } from '../base/assert.ts';
import { mapInTurns } from '../base/turns.ts';
import { maskName, maskNumber } from './domain/masking.ts';
import type { MergeCandidate } from './domain/merge-candidates.ts';
import { mergeCandidates } from './domain/merge-candidates.ts';
import { openName, openNumber, readPersonOfRecord } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { mergesInForce } from './store/merges.ts';
import { ownersAsImported } from './store/units.ts';
import { registryUnitsAsImported } from './units.ts';

/** A person under one document as officers compare him: name and number masked, his units as the register file has them. */
export type MaskedDocument = {
  readonly person: string;
  readonly docKind: string;
  readonly name: string;
  readonly number: string;
  readonly units: readonly { readonly building: string; readonly stair: string; readonly room: string }[];
};

export type MaskedCandidate = {
  readonly a: MaskedDocument;
  readonly b: MaskedDocument;
  readonly because: MergeCandidate['because'];
};

const MAX_CANDIDATES = 100;
const MAX_UNITS = 20;

/** Shows persons of a community masked, from one reading of its units. */
export async function documentViews(
  deps: RegistryDeps,
  community: string,
): Promise<(person: string) => Promise<MaskedDocument>> {
  const units = await registryUnitsAsImported(deps.db, community);
  return async (person) => {
    const row = present(await readPersonOfRecord(deps, community, person), 'a person of the register');
    return {
      person,
      docKind: row.doc_kind,
      name: maskName(openName(deps, row)),
      number: maskNumber(openNumber(deps, row)),
      units: units
        .filter(({ owners }) => owners.includes(person))
        .slice(0, MAX_UNITS)
        .map(({ building, stair, room }) => ({ building, stair, room })),
    };
  };
}

/** The candidates of a community, without those who are merged already. Names and numbers are opened for it and forgotten. */
export async function candidatesOf(
  deps: RegistryDeps,
  community: string,
): Promise<readonly MaskedCandidate[]> {
  const merged = new Set((await mergesInForce(deps.db, community)).map((row) => row.merged_id));
  const rows = (await ownersAsImported(deps.db, community)).filter((row) => !merged.has(row.person_id));
  const persons = await mapInTurns(rows, (row) => ({
    person: row.person_id,
    docKind: row.doc_kind,
    number: openNumber(deps, row),
    name: openName(deps, row),
  }));
  const viewOf = await documentViews(deps, community);
  const shown: MaskedCandidate[] = [];
  for (const { a, b, because } of mergeCandidates(persons, MAX_CANDIDATES))
    shown.push({ a: await viewOf(a), b: await viewOf(b), because });
  return shown;
}
