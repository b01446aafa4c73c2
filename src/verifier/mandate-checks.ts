/**
 * CAST-02 and REV-01 of mandates: each was signed by its principal's credential in force, or by two officers over a paper, and each
 * cast that names one keeps to its agent, scope and period, and its agent to the cap (SPEC 3.6).
 */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import type { MandateEndLine, MandateLine } from '../record/bundle-lines.ts';
import type { RollOpening } from '../record/identity.ts';
import type { Mandate } from '../record/mandate.ts';
import {
  isCapped,
  isMandateSound,
  mandateFault,
  mandateForm,
  mandateHash,
  mandateRevocationHash,
} from '../record/mandate.ts';
import type { RollLeaf } from '../record/roll.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { KnownKeys } from './credential-checks.ts';
import { isAlive } from './credential-lives.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import { mergedFrom, mergeOf } from './merged-persons.ts';
import { keyOf } from './revocation-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** A mandate from the log index of its grant on. */
export type GivenMandate = {
  readonly where: string;
  readonly index: number;
  readonly given: Mandate;
  readonly bytes: Uint8Array;
  readonly endedAt?: number;
};
export type Mandates = ReadonlyMap<string, GivenMandate>;

/** LET-02: a letter that names no unit is an agent's, under a mandate that stood when it was given (SPEC 3.2, 3.6). */
function checkAgentLetters({ notebook }: Verification, keys: KnownKeys, mandates: Mandates): void {
  const given = [...mandates.values()];
  for (const { item, batch } of keys.letters.values()) {
    if (item.units.length > 0 || batch === undefined) continue;
    const { index } = batch;
    const isAgent = given.some(
      ({ given: { to }, index: from, endedAt = Number.POSITIVE_INFINITY }) =>
        to.person === item.person && to.identity === item.identity && from < index && index < endedAt,
    );
    const where = `letter ${item.letter}`;
    notebook.holds('LET-02', where, isAgent, `the agent of a mandate in force at log ${index}`, item.person);
  }
}

/** Makes the checks of mandates themselves; undefined where the bundle cannot say which there are. */
export function checkMandates(the: Verification, keys: KnownKeys | undefined): Mandates | undefined {
  const { contents, definition, log, notebook } = the;
  const { community } = definition;
  const grants = entriesOf(log, 'mandate.granted', { community });
  const ends = entriesOf(log, 'mandate.revoked', { community });
  if (grants.length + ends.length === 0) {
    if (keys !== undefined) checkAgentLetters(the, keys, new Map());
    return new Map();
  }
  if (contents.mandates === undefined || contents.mandateEnds === undefined || keys === undefined) {
    const why = contents.whyNot('mandates.jsonl', 'mandate-revocations.jsonl', 'letters.jsonl');
    notebook.cannot('CAST-02', why);
    if (ends.length > 0) notebook.cannot('REV-01', why);
    return undefined;
  }
  const byHash = new Map(grants.map((grant) => [grant.entry.mandateHash, grant]));
  notebook.same('CAST-02', 'log mandate.granted', `${byHash.size} mandates`, `${grants.length} mandates`);
  const mandates = new Map<string, GivenMandate>();
  for (const line of contents.mandates) {
    const bytes = fromBase64Url(line.value.mandate) ?? new Uint8Array();
    const parsed = mandateForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, line.where, parsed.refusal);
      continue;
    }
    const grant = byHash.get(toBase64Url(mandateHash(bytes)));
    // LOG-01 says that nothing in the log names it.
    if (grant === undefined) continue;
    const given = parsed.value;
    const { where } = line;
    notebook.holds('CAST-02', where, !mandates.has(given.mandate), 'each mandate once', given.mandate);
    checkGrant(the, keys, { line, given, bytes, grant });
    mandates.set(given.mandate, { where, index: grant.index, given, bytes });
  }
  checkEnds(the, keys, mandates, ends);
  endMerged(the, mandates);
  checkAgentLetters(the, keys, mandates);
  return mandates;
}

type Judged = {
  readonly line: Read<MandateLine>;
  readonly given: Mandate;
  readonly bytes: Uint8Array;
  readonly grant: Placed<'mandate.granted'>;
};

function checkGrant(the: Verification, keys: KnownKeys, { line, given, bytes, grant }: Judged): void {
  const { definition, notebook } = the;
  const { where, value } = line;
  notebook.same('CAST-02', `${where} community`, definition.community, given.community);
  notebook.holds('CAST-02', where, isMandateSound(given), 'two persons, each thing once', 'otherwise');
  const isPaper = grant.entry.signedBy === 'officers';
  notebook.same(
    'CAST-02',
    `${where} scanHash`,
    isPaper ? 'a paper' : 'none',
    given.scanHash === '' ? 'none' : 'a paper',
  );
  if (isPaper) {
    // Whose actions they are, ACT-01 and ACT-03 judge.
    notebook.same('CAST-02', `${where} by`, '', value.by);
    notebook.same('CAST-02', `${where} evidence`, '0 signatures', `${value.evidence.length} signatures`);
    return;
  }
  notebook.same('CAST-02', `${where} basis`, 'mandate', given.basis);
  checkSigned(the, keys, 'CAST-02', {
    where,
    by: value.by,
    evidence: value.evidence,
    given,
    signed: mandateHash(bytes),
    placed: grant,
  });
  const isFrozen = keys.isFrozen(given.by.person, grant.index);
  notebook.holds('CAST-02', where, !isFrozen, `a principal not frozen at log ${grant.index}`, 'frozen');
  const { units } = keys.holderOf(value.by) ?? {};
  const isNamed = units === undefined || given.units.every((unit) => units.includes(unit));
  notebook.holds('CAST-02', where, isNamed, 'units that the letter of its signer names', 'another unit');
}

type Signing = {
  readonly where: string;
  readonly by: string;
  readonly evidence: MandateLine['evidence'];
  readonly given: Mandate;
  readonly signed: Uint8Array;
  readonly placed: { readonly index: number; readonly entry: { readonly evidence: readonly string[] } };
};

/** One signature of a credential of the principal, in force, and the one that the log names. */
function checkSigned(
  the: Verification,
  keys: KnownKeys,
  check: 'CAST-02' | 'REV-01',
  { where, by, evidence, given, signed, placed }: Signing,
): void {
  const { notebook, definition } = the;
  const [signature] = evidence;
  const holder = keys.holderOf(by);
  const key = keyOf(by, keys.letters, keys.bound);
  if (signature === undefined || holder === undefined || key === undefined) {
    notebook.finding(check, where, 'a signature of a credential of the principal', by === '' ? 'none' : by);
    return;
  }
  notebook.same(check, `${where} evidence`, placed.entry.evidence.join(' '), evidenceHash(signature));
  notebook.same(check, `${where} principal`, given.by.person, holder.person);
  if (check === 'CAST-02') notebook.same(check, `${where} identity`, given.by.identity, holder.identity);
  const isInForce = isAlive(the, keys.lives.get(by), placed.index);
  notebook.holds(check, where, isInForce, `a credential in force at log ${placed.index}`, by);
  const isRight = isSignedBy(key, signed, signature, definition);
  notebook.holds(check, where, isRight, 'signed by its principal', 'the signature does not verify');
}

/** REV-01: each end is of a mandate that stood, by its principal or two officers; it ends from its index on. */
function checkEnds(
  the: Verification,
  keys: KnownKeys,
  mandates: Map<string, GivenMandate>,
  ends: readonly Placed<'mandate.revoked'>[],
): void {
  const { contents, notebook } = the;
  const byHash = new Map(ends.map((end) => [end.entry.mandateHash, end]));
  notebook.same('REV-01', 'log mandate.revoked', `${byHash.size} mandates`, `${ends.length} mandates`);
  for (const line of contents.mandateEnds ?? []) {
    const held = mandates.get(line.value.mandate);
    const end = held && byHash.get(toBase64Url(mandateHash(held.bytes)));
    if (held === undefined || end === undefined) {
      notebook.finding('REV-01', line.where, 'a mandate that the log ends', line.value.mandate);
      continue;
    }
    notebook.holds('REV-01', line.where, held.index < end.index, `granted before log ${end.index}`, 'not so');
    checkEnd(the, keys, { line, held, end });
  }
  // By the log alone, so that a line that is left out does not keep a mandate alive.
  for (const [id, held] of mandates) {
    const end = byHash.get(toBase64Url(mandateHash(held.bytes)));
    if (end !== undefined) mandates.set(id, { ...held, endedAt: end.index });
  }
}

/** CAST-02: a mandate ends where its principal or its agent became another person, and none is granted by or to one who is (SPEC 3.8). */
function endMerged({ merges, notebook }: Verification, mandates: Map<string, GivenMandate>): void {
  for (const [id, held] of mandates)
    for (const { person } of [held.given.by, held.given.to]) {
      const merge = mergeOf(merges, person, held.index);
      const found = `merged at log ${merge?.from}`;
      notebook.holds('MERGE-01', held.where, merge === undefined, 'persons who are not merged', found);
      const end = mergedFrom(merges, person, held.index);
      const known = mandates.get(id) ?? held;
      if (end !== undefined) mandates.set(id, { ...known, endedAt: Math.min(end, known.endedAt ?? end) });
    }
}

function checkEnd(
  the: Verification,
  keys: KnownKeys,
  {
    line: { where, value },
    held: { given, bytes },
    end,
  }: {
    readonly line: Read<MandateEndLine>;
    readonly held: GivenMandate;
    readonly end: Placed<'mandate.revoked'>;
  },
): void {
  if (end.entry.signedBy === 'officers') {
    the.notebook.same('REV-01', `${where} by`, '', value.by);
    return;
  }
  the.notebook.same('REV-01', `${where} basis`, 'mandate', given.basis);
  const { by, evidence } = value;
  checkSigned(the, keys, 'REV-01', {
    where,
    by,
    evidence,
    given,
    signed: mandateRevocationHash(bytes),
    placed: end,
  });
}

/** CAST-02 of one cast under a mandate. */
export function checkMandateUse(
  { definition, notebook }: Verification,
  mandates: Mandates,
  { where, index, cast, credential, answers, days }: Statement,
  {
    leaf,
    opening,
    voters,
  }: {
    readonly leaf: RollLeaf;
    readonly opening: RollOpening;
    readonly voters: readonly string[] | undefined;
  },
): void {
  const held = mandates.get(cast.mandate);
  if (held === undefined) {
    notebook.finding('CAST-02', where, 'a mandate of mandates.jsonl', cast.mandate);
    return;
  }
  const { given, endedAt } = held;
  const isInForce = held.index < index && (endedAt === undefined || endedAt > index);
  notebook.holds('CAST-02', where, isInForce, `a mandate in force at log ${index}`, cast.mandate);
  const { first = '' } = days;
  notebook.holds('CAST-02', where, first <= given.until, `used until ${given.until}`, first);
  if (credential === undefined) return;
  const holder = opening.holders.find(({ person }) => person === given.by.person);
  const mayVote = voters?.includes(given.by.person) ?? true;
  const fault = mandateFault(given, {
    meeting: definition.meeting,
    agent: credential,
    units: leaf.units.map(({ unit }) => unit),
    proposals: answers.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.proposal])),
    principalIdentity: mayVote ? holder?.identity : undefined,
  });
  notebook.same('CAST-02', `${where} mandate`, 'within its mandate', fault ?? 'within its mandate');
}

/** A use of a mandate, by a cast or on paper; the agent is undefined where the bundle cannot say who he is. */
type MandateUsed = {
  readonly where: string;
  readonly index: number;
  readonly mandate: string;
  readonly agent: string | undefined;
};

/** CAST-02: nobody voted for more principals than the profile allows, those apart whom the law gives a guardian or representative. */
export function checkCap(
  { notebook, rules }: Verification,
  mandates: Mandates,
  uses: readonly MandateUsed[],
): void {
  if (rules === undefined) return;
  const principals = new Map<string, Set<string>>();
  for (const { where, mandate, agent } of [...uses].sort((a, b) => a.index - b.index)) {
    const given = mandates.get(mandate)?.given;
    if (given === undefined || agent === undefined || !isCapped(given.basis)) continue;
    const served = principals.get(agent) ?? new Set();
    principals.set(agent, served.add(given.by.person));
    const isWithin = served.size <= rules.proxyCap;
    notebook.holds('CAST-02', where, isWithin, `at most ${rules.proxyCap} principals`, `${served.size}`);
  }
}
