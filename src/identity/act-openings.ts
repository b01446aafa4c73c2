/**
 * What opens the hashes of an act, for the officers who may sign it: the private record, and the salts of the persons whom it names, so
 * that the page itself compares what it shows (SPEC 2.4, 1.6). Who was given it stands in the record of accesses first (SPEC 3.1).
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actForSigner } from '../officers/act-for-signers.ts';
import { bindingForm } from '../record/binding.ts';
import { splitLines } from '../record/bundle-lines.ts';
import { designationForm } from '../record/designation.ts';
import type { Entry } from '../record/entry.ts';
import { freezeForm } from '../record/freeze.ts';
import { rollOpeningForm } from '../record/identity.ts';
import { letterItemForm } from '../record/letter.ts';
import { mandateForm } from '../record/mandate.ts';
import { mergeForm } from '../record/merge.ts';
import { correctionOpening } from '../registry/correction-opening.ts';
import { recordAccess } from '../registry/personal-accesses.ts';
import { openName, openNumber, openSalt, readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { mergeById } from '../registry/store/merges.ts';
import { fileSaltOf } from '../registry/store/register-files.ts';
import { registryUnits } from '../registry/units.ts';
import type { ActOpeningsAnswer } from './act-openings-contract.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { bindingOfCredential } from './store/bindings.ts';
import { requestOfAct, revocationDraft } from './store/counter.ts';
import { freezeByHash } from './store/freezes.ts';
import { reissueOfBatch } from './store/letters.ts';
import { mandateById } from './store/mandates.ts';

/** What a kind has, before its persons and units are looked up; `areShown` where the page is given their documents. */
type Found = {
  readonly given: Partial<Omit<ActOpeningsAnswer, 'persons' | 'units' | 'withheld'>>;
  readonly persons: readonly string[];
  readonly units?: readonly string[];
  readonly areShown?: true;
};

const EMPTY = {
  record: '',
  binding: '',
  salt: '',
  reference: '',
  before: '',
  leaf: '',
  opening: '',
  items: [],
} satisfies Omit<ActOpeningsAnswer, 'persons' | 'units' | 'withheld'>;

/** An act as it was drafted. */
type Drafted = {
  readonly act: string;
  readonly entry: Entry;
  readonly details: Readonly<Record<string, string>>;
};

const text = toBase64Url;
const recordIn = ({ details }: Drafted): Uint8Array =>
  present(fromBase64Url(details['record'] ?? ''), 'drafted with its record');

async function ofKey(deps: IdentityDeps, { act, entry }: Drafted): Promise<Found | undefined> {
  if (entry.kind === 'credential.bound') {
    const row = present(await requestOfAct(deps.db, entry.community, act), 'drafted over a request');
    const record = present(row.binding, 'a request with an act was claimed');
    return { given: { record: text(record) }, persons: [bindingForm.own(record).person] };
  }
  if (entry.kind === 'credential.revoked') {
    const draft = present(await revocationDraft(deps.db, entry.community, act), 'drafted with the act');
    const bound = present(
      await bindingOfCredential(deps.db, entry.community, draft.credential_id),
      'only keys that were bound are taken back at the counter',
    );
    const given = { record: text(draft.revocation), binding: text(bound.binding) };
    return { given, persons: [bindingForm.own(bound.binding).person] };
  }
  if (entry.kind !== 'voting.unfrozen') return undefined;
  const hash = present(fromBase64Url(entry.freezeHash), 'checked bytes');
  const { record } = present(await freezeByHash(deps.db, entry.community, hash), 'drafted over a freeze');
  return { given: { record: text(record) }, persons: [freezeForm.own(record).person] };
}

async function ofPaper(deps: IdentityDeps, drafted: Drafted): Promise<Found | undefined> {
  const { entry, details } = drafted;
  if (entry.kind === 'designation.recorded') {
    const record = recordIn(drafted);
    const { by, to, units } = designationForm.own(record);
    return { given: { record: text(record) }, persons: [...by, to].map(({ person }) => person), units };
  }
  if (entry.kind !== 'mandate.granted' && entry.kind !== 'mandate.revoked') return undefined;
  const row =
    entry.kind === 'mandate.revoked'
      ? present(await mandateById(deps.db, entry.community, details['mandate'] ?? ''), 'it names a mandate')
      : undefined;
  const record = row?.mandate ?? recordIn(drafted);
  const { by, to, units } = mandateForm.own(record);
  return { given: { record: text(record) }, persons: [by.person, to.person], units };
}

async function ofMerge(deps: IdentityDeps, { entry, details }: Drafted): Promise<Found | undefined> {
  if (entry.kind !== 'persons.merged' && entry.kind !== 'persons.separated') return undefined;
  const { record } = present(
    await mergeById(deps.db, entry.community, details['merge'] ?? ''),
    'drafted with its merge',
  );
  const { keeps, merged } = mergeForm.own(record);
  return { given: { record: text(record) }, persons: [keeps.person, merged.person] };
}

async function ofRegister(deps: IdentityDeps, { entry, details }: Drafted): Promise<Found | undefined> {
  if (entry.kind === 'register.imported') {
    const row = present(await fileSaltOf(deps.db, entry.community, entry.register), 'drafted with its file');
    return { given: { salt: text(row.file_salt) }, persons: [] };
  }
  if (entry.kind === 'letters.reissued') {
    const row = present(
      await reissueOfBatch(deps.db, entry.community, entry.batch),
      'drafted with its batch',
    );
    const items = present(splitLines(present(row.items, 'it waits with its items')), 'written by us');
    return {
      given: {
        record: text(present(row.reissue, 'it has a reason')),
        items: items.map((item) => text(item)),
      },
      persons: items.map((item) => letterItemForm.own(item).person),
      areShown: true,
    };
  }
  if (entry.kind !== 'roll.corrected') return undefined;
  const { record, salt, reference, before, leaf, opening } = await correctionOpening(
    deps,
    entry,
    details['correction'] ?? '',
  );
  return {
    given: {
      record: text(record),
      salt,
      reference,
      before: text(before),
      leaf: text(leaf),
      opening: text(rollOpeningForm.bytes(opening)),
    },
    persons: opening.holders.map(({ person }) => person),
    areShown: true,
  };
}

async function personsOf(
  deps: IdentityDeps,
  community: string,
  { persons, areShown }: Found,
): Promise<ActOpeningsAnswer['persons']> {
  const found: ActOpeningsAnswer['persons'] = [];
  for (const person of new Set(persons)) {
    const row = present(await readPerson(deps, community, person), 'records name persons of the community');
    const shown =
      areShown === true
        ? { docKind: row.doc_kind, number: openNumber(deps, row), name: openName(deps, row) }
        : { docKind: '', number: '', name: '' };
    found.push({ person, identity: text(row.identity), salt: openSalt(deps, row), ...shown });
  }
  return found;
}

/** What opens the hashes of an open act, for an officer whose role may sign it. */
export async function openingsOfAct(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, act: id }: { readonly community: string; readonly act: string },
): Promise<Result<ActOpeningsAnswer, IdentityRefusal | { readonly code: 'ACT_UNKNOWN' | 'ACT_NOT_OPEN' }>> {
  const signable = await actForSigner(deps, officer, { community, act: id });
  if (!signable.ok) return signable;
  const act = signable.value;
  const drafted: Drafted = {
    act: id,
    entry: JSON.parse(present(fromUtf8(act.entry), 'own text')) as Entry,
    details: JSON.parse(act.details) as Drafted['details'],
  };
  const opened =
    (await ofKey(deps, drafted)) ??
    (await ofPaper(deps, drafted)) ??
    (await ofMerge(deps, drafted)) ??
    (await ofRegister(deps, drafted));
  if (opened === undefined) return refuse('ACT_UNKNOWN');
  assert(act.kind === drafted.entry.kind, 'an act is of the kind of its entry');
  // A salt and a known name leave a number to be guessed; of each pair one is of an office, and compares.
  const withheld = officer.role === 'committee' && opened.persons.length > 0;
  if (opened.persons.length > 0 && !withheld)
    await recordAccess(deps, officer, { community, kind: 'act.openings', subject: id, reason: act.kind });
  const places = opened.units === undefined ? [] : await registryUnits(deps.db, community, opened.units);
  return ok({
    ...EMPTY,
    ...opened.given,
    items: opened.given.items ?? [],
    withheld,
    persons: withheld ? [] : await personsOf(deps, community, opened),
    units: places.map(({ unit, building, stair, room }) => ({ unit, building, stair, room })),
  });
}
