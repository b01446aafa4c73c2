// Goal: an entry is explained by exactly the bytes that its hashes name, told to exactly the persons in them, and by a monitor's memory also
// held against earlier entries. Method: one honest explanation of each kind, and for each the ways in which it may be wrong.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Binding } from '../../src/record/binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../src/record/binding.ts';
import type { Designation } from '../../src/record/designation.ts';
import { designationForm, designationHash } from '../../src/record/designation.ts';
import type { Entry } from '../../src/record/entry.ts';
import type { AnnouncedEntry } from '../../src/record/explanation.ts';
import { isAnnounced, rememberPublic, toldBy } from '../../src/record/explanation.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import { holdersLineForm } from '../../src/record/holders-line.ts';
import type { Holder } from '../../src/record/identity.ts';
import { holdersHash } from '../../src/record/identity.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm } from '../../src/record/letter.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import { mandateForm, mandateHash } from '../../src/record/mandate.ts';
import { inclusionProof, leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { Memory } from '../../src/record/told.ts';
import { seededRandom } from '../support/random.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

const random = seededRandom('explanations');
const id = (): string => newId(random);
const nonce = (): string => toBase64Url(random(16));
const text = (bytes: Uint8Array): string => toBase64Url(bytes);
const [community, meeting, batch] = [id(), id(), id()];
const party = (): Holder => ({ person: id(), identity: text(random(32)) });
const [ada, bao, emei] = [party(), party(), party()];
const inCommunity = { v: 1, community, evidence: [] } as const;
const garbage = new Uint8Array([123, 125]);

function itemOf({ person, identity }: Holder, replaces = ''): LetterItem {
  return {
    v: 1,
    kind: 'letter',
    letter: id(),
    person,
    identity,
    units: [id()],
    publicKey: text(random(32)),
    replaces,
  };
}
const items = [itemOf(ada), itemOf(bao, id())];
const [ofAda, ofBao] = items.map((item) => letterItemForm.bytes(item)) as [Uint8Array, Uint8Array];
const issued: AnnouncedEntry = {
  ...inCommunity,
  kind: 'letters.issued',
  batch,
  count: 2,
  root: text(rootOfHashes([ofAda, ofBao].map(leafHash))),
  until: '',
  madeIn: 'command',
};

const [example] = RECORD_EXAMPLES['bindingForm'] as readonly [Binding];
const binding: Binding = { ...example, community, credential: id(), ...ada };
const bound = bindingForm.bytes(binding);
const ofAnother = bindingForm.bytes({ ...binding, credential: id(), ...bao });
const boundEntry: AnnouncedEntry = {
  ...inCommunity,
  kind: 'credential.bound',
  bindHash: text(bindHash(bound)),
  signedBy: 'owner',
};
const revocation = {
  v: 1,
  kind: 'revocation',
  community,
  credential: binding.credential,
  reason: '',
  nonce: nonce(),
} as const;
const revoked = revocationForm.bytes(revocation);
const revokedEntry: AnnouncedEntry = {
  ...inCommunity,
  kind: 'credential.revoked',
  revocationHash: text(revocationHash(revoked)),
  signedBy: 'owner',
};

const [mandateExample] = RECORD_EXAMPLES['mandateForm'] as readonly [Mandate];
const mandate = mandateForm.bytes({ ...mandateExample, community, by: ada, to: bao });
const granted: AnnouncedEntry = {
  ...inCommunity,
  kind: 'mandate.granted',
  mandateHash: text(mandateHash(mandate)),
  signedBy: 'owner',
};
const [designationExample] = RECORD_EXAMPLES['designationForm'] as readonly [Designation];
const designation = designationForm.bytes({ ...designationExample, community, by: [ada, emei], to: bao });
const recorded: AnnouncedEntry = {
  ...inCommunity,
  kind: 'designation.recorded',
  designationHash: text(designationHash(designation)),
  signedBy: 'owner',
};
const freeze = freezeForm.bytes({ v: 1, kind: 'freeze', community, person: ada.person, nonce: nonce() });
const frozen: AnnouncedEntry = {
  ...inCommunity,
  kind: 'voting.frozen',
  freezeHash: text(freezeHash(freeze)),
};

const [leafExample] = RECORD_EXAMPLES['rollLeafForm'] as readonly [RollLeaf];
const entitlement = id();
type LineWish = {
  readonly meeting?: string;
  readonly entitlement?: string;
  readonly salt?: string;
  readonly at?: number;
};
function holdersLine(holders: readonly Holder[], wish: LineWish = {}) {
  const salt = nonce();
  const leaf = rollLeafForm.bytes({
    ...leafExample,
    meeting: wish.meeting ?? meeting,
    entitlement: wish.entitlement ?? entitlement,
    holders: holdersHash(salt, holders),
  });
  const hashes = [leafHash(random(8)), leafHash(leaf), leafHash(random(8))];
  const proof = inclusionProof(1, 3, (level, n) =>
    level === 0 && n === 0 ? Buffer.concat(hashes) : new Uint8Array(),
  );
  const line = holdersLineForm.bytes({
    v: 1,
    kind: 'holders',
    leaf: text(leaf),
    index: wish.at ?? 1,
    proof: proof.map(text),
    holdersSalt: wish.salt ?? salt,
    holders: [...holders],
  });
  return { line, leaf: text(leafHash(leaf)), root: text(rootOfHashes(hashes)) };
}
const before = holdersLine([ada, bao]);
const after = holdersLine([bao, emei]);
const frozenRoll = { kind: 'roll.frozen', meeting, root: before.root, size: 3 } as Entry;
const cast = (seq: number): AnnouncedEntry => ({
  v: 1,
  kind: 'cast.accepted',
  meeting,
  entitlement,
  castHash: text(random(32)),
  seq,
  evidence: [],
});
const onPaper: AnnouncedEntry = {
  ...inCommunity,
  meeting,
  kind: 'paper.accepted',
  entitlement,
  paperHash: text(random(32)),
  seq: 1,
};
const corrected: AnnouncedEntry = {
  v: 1,
  kind: 'roll.corrected',
  community,
  meeting,
  entitlement,
  index: 1,
  correctionHash: text(random(32)),
  oldLeaf: before.leaf,
  newLeaf: after.leaf,
  evidence: [],
};

const memory = (): Memory => ({
  letters: new Map(),
  bound: new Map(),
  persons: new Map(),
  rolls: new Map(),
  corrected: new Map(),
});
/** A memory of the honest entries before. */
function informed(): Memory {
  const known = memory();
  toldBy(issued, [ofAda, ofBao], known);
  toldBy(boundEntry, [bound], known);
  rememberPublic(frozenRoll, known);
  return known;
}
const whom = (told: ReturnType<typeof toldBy>) =>
  told?.map(({ person, identity, event }) => [event, person, identity]);
const is = (event: string, ...holders: readonly Holder[]) =>
  holders.map(({ person, identity }) => [event, person, identity]);

const revokedLetter = (item: LetterItem | undefined): AnnouncedEntry => ({
  ...inCommunity,
  kind: 'letters.revoked',
  letter: item?.letter ?? '',
});

describe.each<[string, AnnouncedEntry, readonly Uint8Array[], readonly (readonly string[])[]]>([
  ['letters.issued', issued, [ofAda, ofBao], [...is('letter-issued', ada), ...is('letter-replaced', bao)]],
  ['letters.revoked', revokedLetter(items[0]), [ofAda], is('letter-revoked', ada)],
  ['credential.bound', boundEntry, [bound], is('key-bound', ada)],
  ['credential.revoked', revokedEntry, [revoked, bound], is('key-revoked', ada)],
  ['mandate.granted', granted, [mandate], is('mandate-granted', ada, bao)],
  ['mandate.revoked', { ...granted, kind: 'mandate.revoked' }, [mandate], is('mandate-revoked', ada, bao)],
  ['designation.recorded', recorded, [designation], is('designation-recorded', ada, emei, bao)],
  ['voting.frozen by a letter', frozen, [freeze, ofAda], is('voting-frozen', ada)],
  [
    'voting.unfrozen by a key',
    { ...frozen, kind: 'voting.unfrozen' },
    [freeze, bound],
    is('voting-unfrozen', ada),
  ],
  ['cast.accepted', cast(1), [before.line], is('cast-first', ada, bao)],
  ['paper.accepted', onPaper, [before.line], is('paper-recorded', ada, bao)],
  ['cast.accepted again', cast(2), [before.line], is('cast-changed', ada, bao)],
  ['roll.corrected', corrected, [before.line, after.line], is('roll-corrected', ada, bao, emei)],
])('%s', (_name, entry, lines, expected) => {
  it('is told to whom it concerns, with a memory and without', () => {
    expect(isAnnounced(entry)).toBe(true);
    expect(whom(toldBy(entry, lines))).toEqual(expected);
    expect(whom(toldBy(entry, lines, informed()))).toEqual(expected);
  });

  it('is not explained by fewer lines, by more, by none that can be read, or by others', () => {
    for (const wrong of [
      [],
      lines.slice(1),
      [...lines, ofBao],
      lines.map(() => garbage),
      [garbage, ...lines.slice(1)],
    ])
      expect(toldBy(entry, wrong), `${wrong.length} lines`).toBeUndefined();
    const strange = lines.map(() => (entry.kind === 'credential.bound' ? ofAnother : ofBao));
    expect(toldBy(entry, strange)).toBeUndefined();
  });
});

describe('an explanation whose bytes are another entry’s', () => {
  const other = text(random(32));
  it.each<[string, AnnouncedEntry, readonly Uint8Array[]]>([
    ['a batch under another root', { ...issued, root: other } as AnnouncedEntry, [ofAda, ofBao]],
    ['a batch in another order', issued, [ofBao, ofAda]],
    ['another letter', revokedLetter(items[1]), [ofAda]],
    ['another revocation', { ...revokedEntry, revocationHash: other } as AnnouncedEntry, [revoked, bound]],
    ['a revocation with the binding of another key', revokedEntry, [revoked, ofAnother]],
    ['another mandate', { ...granted, mandateHash: other } as AnnouncedEntry, [mandate]],
    ['another designation', { ...recorded, designationHash: other } as AnnouncedEntry, [designation]],
    ['another freeze', { ...frozen, freezeHash: other } as AnnouncedEntry, [freeze, ofAda]],
    ['a freeze with the letter of another person', frozen, [freeze, ofBao]],
    ['a freeze with the key of another person', frozen, [freeze, ofAnother]],
    ['a cast in another meeting', cast(1), [holdersLine([ada], { meeting: id() }).line]],
    ['a cast for another head', cast(1), [holdersLine([ada], { entitlement: id() }).line]],
    [
      'a cast with holders whom the leaf does not open to',
      cast(1),
      [holdersLine([ada], { salt: nonce() }).line],
    ],
    [
      'a correction from another leaf',
      { ...corrected, oldLeaf: other } as AnnouncedEntry,
      [before.line, after.line],
    ],
    [
      'a correction to another leaf',
      { ...corrected, newLeaf: other } as AnnouncedEntry,
      [before.line, after.line],
    ],
    [
      'a correction of another head',
      { ...corrected, entitlement: id() } as AnnouncedEntry,
      [before.line, after.line],
    ],
  ])('%s', (_name, entry, lines) => {
    expect(toldBy(entry, lines)).toBeUndefined();
  });

  it('holds a leaf that is none', () => {
    const parsed = holdersLineForm.own(before.line);
    expect(toldBy(cast(1), [holdersLineForm.bytes({ ...parsed, leaf: text(garbage) })])).toBeUndefined();
  });
});

describe('a memory of earlier entries', () => {
  it('refuses what they do not know, and what they know otherwise', () => {
    const refused: readonly (readonly [AnnouncedEntry, readonly Uint8Array[]])[] = [
      [revokedLetter(items[0]), [ofAda]],
      [revokedEntry, [revoked, bound]],
      [frozen, [freeze, ofAda]],
      [cast(1), [before.line]],
      [corrected, [before.line, after.line]],
    ];
    for (const [entry, lines] of refused) {
      expect(toldBy(entry, lines), entry.kind).toBeDefined();
      expect(toldBy(entry, lines, memory()), entry.kind).toBeUndefined();
    }
  });

  it('does not let a letter of somebody else stand for whoever froze', () => {
    // The service says of bao's letter that it is ada's: a freeze names her by her id alone.
    const bent = letterItemForm.bytes({ ...itemOf(bao), person: ada.person });
    expect(whom(toldBy(frozen, [freeze, bent]))).toEqual(is('voting-frozen', { ...bao, person: ada.person }));
    expect(toldBy(frozen, [freeze, bent], informed())).toBeUndefined();
  });

  it('asks for the leaf in its place of the frozen roll', () => {
    expect(toldBy(cast(1), [holdersLine([ada, bao], { at: 2 }).line], informed())).toBeUndefined();
    expect(toldBy(cast(1), [holdersLine([emei]).line], informed())).toBeUndefined();
  });

  it('goes on with the corrected leaf, also where the explanation of the correction was refused', () => {
    const known = informed();
    toldBy(corrected, [before.line, after.line], known);
    expect(toldBy(cast(1), [before.line], known)).toBeUndefined();
    expect(whom(toldBy(cast(1), [after.line], known))).toEqual(is('cast-first', bao, emei));
    const unexplained = informed();
    rememberPublic(corrected, unexplained);
    expect(toldBy(cast(1), [before.line], unexplained)).toBeUndefined();
    expect(toldBy(cast(1), [after.line], unexplained)).toBeDefined();
  });
});

it('other entries are not announced', () => {
  expect(isAnnounced(frozenRoll)).toBe(false);
});
