/**
 * The letters of a register: each owner of the file is matched to his commitment on the roster, so that the server can neither
 * add a person nor change one, and gets a code that only his paper holds (SPEC 3.2).
 */
import { present } from '../../base/assert.ts';
import type { Random } from '../../base/clock.ts';
import { newId } from '../../base/clock.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { mapInTurns } from '../../base/turns.ts';
import { identityHash } from '../../record/identity.ts';
import type { LetterItem } from '../../record/letter.ts';
import { letterPublicKey } from '../../record/letter.ts';
import { identityOpeningOf } from '../../registry/domain/identity-opening.ts';
import { unitsByPerson } from '../../registry/domain/letter-units.ts';
import type { Register, RegisterPerson, RegisterUnit } from '../../registry/domain/register-units.ts';

export type LettersRefusal = Refusal<
  | 'LETTERS_UNIT_DIFFERS'
  | 'LETTERS_OWNER_DIFFERS'
  | 'LETTERS_PERSON_UNKNOWN'
  | 'LETTERS_AGENT_UNKNOWN'
  | 'LETTERS_TOO_MANY_UNITS'
  | 'LETTERS_NONE_NEEDED'
>;

/** The secret half of a letter: `code` is 16 bytes that go to paper only. */
export type LetterCode = {
  readonly letter: string;
  readonly person: string;
  readonly code: Uint8Array;
  readonly owner: RegisterPerson;
  /** Units that he owns, in the order of the file. */
  readonly units: readonly RegisterUnit[];
};

export type MadeLetters = {
  readonly batch: string;
  /** Public: what the server is given. */
  readonly items: readonly LetterItem[];
  readonly codes: readonly LetterCode[];
};

/** A person as the server commits to him; `letter` is the one that he has, or empty. */
export type RosterPerson = {
  readonly person: string;
  readonly salt: string;
  readonly identity: string;
  readonly letter: string;
};

/** What the server says of the register: ids, salts and commitments, no name (`letter-roster.ts`). */
export type MakingRoster = {
  readonly persons: readonly RosterPerson[];
  readonly agents: readonly RosterPerson[];
  readonly merges: readonly {
    readonly merged: string;
    readonly keeps: string;
    readonly identity: string;
    readonly letter: string;
  }[];
  readonly units: readonly {
    readonly unit: string;
    readonly building: string;
    readonly stair: string;
    readonly room: string;
    readonly owners: readonly string[];
  }[];
};

export type LetterSource = {
  readonly roster: MakingRoster;
  /** The register of the imported file, read with the roster's settings. */
  readonly register: Register;
  readonly random: Random;
  /** Persons who get a letter whether they have one or not; without it everybody who has none. */
  readonly only?: readonly string[];
  /** Told before each letter how many are made. */
  readonly onMade?: (made: number, of: number) => void;
};

type RosterUnit = MakingRoster['units'][number];

const MAX_UNITS = 20_000;

const placeOf = (unit: Pick<RegisterUnit, 'building' | 'stair' | 'room'>): string =>
  JSON.stringify([unit.building, unit.stair, unit.room]);

/** How a person finds the row: file order of its unit, and its place. */
const rowName = (unit: RegisterUnit, at: number): string =>
  `第 ${at + 1} 套 ${[unit.building, unit.stair, unit.room].filter((part) => part !== '').join(' ')}`;

/** File and roster, position by position. */
type Matched = {
  readonly unitIds: readonly string[];
  readonly persons: ReadonlyMap<number, RosterPerson>;
};

/** The person on the roster whose commitment this owner of the file opens. */
const openedBy = (owner: RegisterPerson, candidates: readonly RosterPerson[]): RosterPerson | undefined =>
  candidates.find(({ salt, identity }) => identityHash(salt, identityOpeningOf(owner)) === identity);

function match({ roster, register }: LetterSource): Result<Matched, LettersRefusal> {
  const rosterUnits = new Map(roster.units.map((unit) => [placeOf(unit), unit]));
  const byId = new Map(roster.persons.map((person) => [person.person, person]));
  const persons = new Map<number, RosterPerson>();
  const unitIds: string[] = [];
  for (const [at, unit] of register.units.entries()) {
    const found: RosterUnit | undefined = rosterUnits.get(placeOf(unit));
    if (found === undefined || found.owners.length !== unit.owners.length)
      return refuse('LETTERS_UNIT_DIFFERS', rowName(unit, at));
    rosterUnits.delete(placeOf(unit));
    unitIds.push(found.unit);
    const candidates = found.owners.flatMap((person) => byId.get(person) ?? []);
    const matched = new Set<string>();
    for (const position of unit.owners) {
      const owner = present(register.persons[position], 'owners are persons of the register');
      const person = persons.get(position) ?? openedBy(owner, candidates);
      if (person === undefined || !candidates.includes(person))
        return refuse('LETTERS_OWNER_DIFFERS', rowName(unit, at));
      persons.set(position, person);
      matched.add(person.person);
    }
    if (matched.size !== unit.owners.length) return refuse('LETTERS_OWNER_DIFFERS', rowName(unit, at));
  }
  const [left] = rosterUnits.values();
  if (left !== undefined)
    return refuse('LETTERS_UNIT_DIFFERS', [left.building, left.stair, left.room].join(' '));
  const onFile = new Set([...persons.values()].map(({ person }) => person));
  const stray = roster.persons.find(({ person }) => !onFile.has(person));
  return stray === undefined && onFile.size === persons.size
    ? ok({ unitIds, persons })
    : refuse('LETTERS_OWNER_DIFFERS', stray?.person);
}

/** Who each owner of the file is: who was merged is the person whom two officers kept (SPEC 3.8). */
function whoTheyAre(
  roster: MakingRoster,
  matched: ReadonlyMap<number, RosterPerson>,
): ReadonlyMap<number, RosterPerson> {
  const merges = new Map(roster.merges.map((each) => [each.merged, each]));
  const who = (person: RosterPerson): RosterPerson => {
    const found = merges.get(person.person);
    if (found === undefined) return person;
    return { ...person, person: found.keeps, identity: found.identity, letter: found.letter };
  };
  return new Map([...matched].map(([position, person]) => [position, who(person)]));
}

/** A person has one letter: made out to the document that he is kept under, where the file has it. */
function eachOnce(
  persons: ReadonlyMap<number, RosterPerson>,
  matched: ReadonlyMap<number, RosterPerson>,
): readonly (readonly [number, RosterPerson])[] {
  const found = new Map<string, readonly [number, RosterPerson]>();
  for (const [position, person] of persons) {
    const isHimself = matched.get(position)?.person === person.person;
    if (isHimself || !found.has(person.person)) found.set(person.person, [position, person]);
  }
  return [...found.values()];
}

/** Makes letters; refuses where file and roster differ in any unit or owner, naming the first. */
export async function makeLetters(source: LetterSource): Promise<Result<MadeLetters, LettersRefusal>> {
  const { roster, register, random, only, onMade } = source;
  const matched = match(source);
  if (!matched.ok) return matched;
  const { unitIds } = matched.value;
  const persons = whoTheyAre(roster, matched.value.persons);
  const unknown = only?.find((id) => [...persons.values()].every(({ person }) => person !== id));
  if (unknown !== undefined) return refuse('LETTERS_PERSON_UNKNOWN', unknown);
  const named = unitsByPerson(
    register.units.map((unit, at) => ({
      unit: present(unitIds[at], 'one for each unit'),
      holders: unit.owners.map((position) => present(persons.get(position), 'matched').person),
      state: unit.state,
    })),
  );
  const owned = new Map<string, Set<RegisterUnit>>();
  for (const unit of register.units)
    for (const position of unit.owners) {
      const { person } = present(persons.get(position), 'matched');
      owned.set(person, (owned.get(person) ?? new Set()).add(unit));
    }
  const unitsOf = (person: string) => [...(named.get(person) ?? [])].sort();
  const wanted = eachOnce(persons, matched.value.persons).filter(([, { person, letter: former }]) =>
    only === undefined ? former === '' : only.includes(person),
  );
  const crowded = wanted.find(([, { person }]) => unitsOf(person).length > MAX_UNITS);
  if (crowded !== undefined) {
    const [, { person }] = crowded;
    return refuse('LETTERS_TOO_MANY_UNITS', person, { units: unitsOf(person).length });
  }
  if (wanted.length === 0) return refuse('LETTERS_NONE_NEEDED');
  const made = await mapInTurns(wanted, ([position, onRoster], at) => {
    onMade?.(at, wanted.length);
    const owner = present(register.persons[position], 'matched');
    return letterFor(random, onRoster, {
      owner,
      named: unitsOf(onRoster.person),
      units: [...(owned.get(onRoster.person) ?? [])],
    });
  });
  return ok(batchOf(random, made));
}

type MadeLetter = { readonly item: LetterItem; readonly code: LetterCode };

function letterFor(
  random: Random,
  { person, identity, letter: replaces }: RosterPerson,
  { owner, named, units }: Pick<LetterCode, 'owner' | 'units'> & { readonly named: readonly string[] },
): MadeLetter {
  const [letter, code] = [newId(random), random(16)];
  const publicKey = letterPublicKey(code);
  const item = {
    v: 1,
    kind: 'letter',
    letter,
    person,
    identity,
    units: [...named],
    publicKey,
    replaces,
  } as const;
  return { item, code: { letter, person, code, owner, units } };
}

const batchOf = (random: Random, made: readonly MadeLetter[]): MadeLetters => ({
  batch: newId(random),
  items: made.map(({ item }) => item),
  codes: made.map(({ code }) => code),
});

/** Letters of agents who own nothing, as the registrar read their documents; refuses one whom no mandate in force names (SPEC 3.6). */
export function makeAgentLetters({
  roster,
  agents,
  random,
}: Pick<LetterSource, 'roster' | 'random'> & { readonly agents: readonly RegisterPerson[] }): Result<
  MadeLetters,
  LettersRefusal
> {
  const made: MadeLetter[] = [];
  for (const owner of agents) {
    const onRoster = openedBy(owner, roster.agents);
    if (onRoster === undefined) return refuse('LETTERS_AGENT_UNKNOWN', owner.name);
    made.push(letterFor(random, onRoster, { owner, named: [], units: [] }));
  }
  return made.length === 0 ? refuse('LETTERS_NONE_NEEDED') : ok(batchOf(random, made));
}
