/** Which letters travel in one envelope, and to where (SPEC 3.2). */
import { present } from '../../base/assert.ts';
import type { RegisterUnit } from '../../registry/domain/register-units.ts';
import { byPlace } from '../../registry/domain/roll-leaves.ts';
import type { LetterCode } from './letter-making.ts';

/** Letters that travel in one envelope: of persons who own a unit together and get their mail at one address. */
export type Household = { readonly address: string; readonly letters: readonly LetterCode[] };

/** A unit as people write it. */
export const placeName = (unit: RegisterUnit): string =>
  [unit.building, unit.stair, unit.room].filter((part) => part !== '').join(' ');

const addressOf = ({ owner, units }: LetterCode): string => {
  const [home] = [...units].sort(byPlace);
  return owner.mailingAddress !== '' ? owner.mailingAddress : home === undefined ? '' : placeName(home);
};

/**
 * Households in the order of their first unit. An equal address alone joins nobody: whoever opens an envelope sees its codes,
 * so only co-owners share one.
 */
export function householdsOf(codes: readonly LetterCode[]): readonly Household[] {
  const parent = codes.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = present(parent[root], 'inside the list');
    parent[at] = root;
    return root;
  };
  const first = new Map<string, number>();
  for (const [at, code] of codes.entries()) {
    for (const unit of code.units) {
      const key = JSON.stringify([unit.building, unit.stair, unit.room, addressOf(code)]);
      const other = first.get(key);
      if (other === undefined) first.set(key, at);
      else parent[rootOf(at)] = rootOf(other);
    }
  }
  const groups = new Map<number, LetterCode[]>();
  for (const [at, code] of codes.entries()) {
    const root = rootOf(at);
    groups.set(root, [...(groups.get(root) ?? []), code]);
  }
  const homeOf = ({ letters }: Household) =>
    [...(letters[0]?.units ?? [])].sort(byPlace)[0] ?? { building: '', stair: '', room: '' };
  return [...groups.values()]
    .map((letters) => ({ address: letters[0] === undefined ? '' : addressOf(letters[0]), letters }))
    .sort((a, b) => byPlace(homeOf(a), homeOf(b)));
}
